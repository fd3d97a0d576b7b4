using Olha.Server.Configuration;
using Olha.Server.Watch;
using Olha.Storage.Inspecting;

namespace Olha.Server.Doctor;

/// <summary>The folder and the file of the data: who may use them, where they lie, how much room there is, what was left behind.</summary>
internal static class FilesExam
{
    const string Area = "files";
    const uint Root = 0;

    static readonly string[] s_shares = ["nfs", "nfs4", "cifs", "smbfs", "smb2", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs", "fuse.glusterfs", "afs"];

    public static IEnumerable<Finding> Of(ServerOptions options)
    {
        var file = Path.GetFullPath(options.DbName);
        var folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            var above = folder;
            while (!Directory.Exists(above)) above = Path.GetDirectoryName(above)!;
            yield return SystemFacts.MayWrite(above)
                ? Finding.Ok(Area, "none", $"{folder} is not there yet: the server makes it.")
                : Finding.Problem(Area, "folder", $"{folder} is not there, and this user may not make it.",
                    $"Make it and give it to the server's user, or set DB_NAME.");
            yield break;
        }
        foreach (var finding in Permissions(file, folder).Concat(Room(options, file, folder)).Concat(Leftovers(file, folder))) yield return finding;
    }

    static IEnumerable<Finding> Permissions(string file, string folder)
    {
        var findings = new List<Finding>();
        if (!SystemFacts.MayWrite(folder))
            findings.Add(Finding.Problem(Area, "folder", $"This user may not write to {folder}.",
                "Run this as the server's user; if that is who you are: chown it to that user."));
        if (File.Exists(file) && !(SystemFacts.MayRead(file) && SystemFacts.MayWrite(file)))
            findings.Add(Finding.Problem(Area, "file", $"This user may not read and write {file}.",
                "Run this as the server's user; if that is who you are: chown it to that user."));

        // What root has touched the server may not open any more.
        var owner = SystemFacts.Of(folder)?.Owner;
        foreach (var path in Beside(file))
        {
            if (SystemFacts.Of(path) is not { } facts) continue;
            if (facts.Owner == Root && owner is not Root and not null)
                findings.Add(Finding.Problem(Area, "owner", $"{path} belongs to root, its folder to another user.",
                    $"chown --reference={folder} {path}"));
            if ((facts.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
                findings.Add(Finding.Warning(Area, "readable", $"Other users of this machine may read or write {path}.", $"chmod 600 {path}"));
        }
        return findings.Count > 0 ? findings : [Finding.Ok(Area, "permissions",
            $"The data in {folder} are for this user to use, and for nobody else to read.")];
    }

    static IEnumerable<Finding> Room(ServerOptions options, string file, string folder)
    {
        var disk = DiskOf(folder);
        if (disk is null) yield break;
        var (free, all, format) = disk.Value;
        if (options.DatabaseUrl is null && s_shares.Contains(format))
            yield return Finding.Problem(Area, "share", $"{folder} lies on a network share ({format}), where SQLite's log and locks do not hold.",
                "Put DB_NAME on a local disk, or use PostgreSQL.");
        var size = Beside(file).Where(File.Exists).Sum(static it => new FileInfo(it).Length);
        var text = $"The disk has {free >> 20:N0} MiB of {all >> 20:N0} MiB left; the data take {size >> 20:N0} MiB.";
        yield return !Disk.IsEnough(free, all) ? Finding.Problem(Area, "disk", text, "Make room: when it is full nothing that is said can be stored.")
            : free < size ? Finding.Warning(Area, "disk", text, "A copy of the data, as a backup is one, does not fit: make room.")
            : Finding.Ok(Area, "disk", text);
    }

    static IEnumerable<Finding> Leftovers(string file, string folder)
    {
        var name = Path.GetFileName(file);
        var served = SystemFacts.HolderOf($"{file}.lock") is not null;
        foreach (var path in Directory.EnumerateFiles(folder, $"{name}.*").Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(".partial", StringComparison.Ordinal) || path.EndsWith(".adopting", StringComparison.Ordinal))
            {
                if (!served)
                    yield return Finding.Warning(Area, "leftover", $"{path} is what an interrupted copy left.",
                        "The next start begins anew where it has to; when no command is at work on it, remove it.");
            }
            else if (path.Contains(".before-adoption-", StringComparison.Ordinal))
            {
                yield return Finding.Ok(Area, "adopted", $"{path} is the original's database as it was before it was adopted.",
                    "It holds all messages and password hashes of then: remove it when nobody wants to go back.");
            }
        }
    }

    static string[] Beside(string file) => [file, $"{file}-wal", $"{file}-shm", $"{file}.nonce", $"{file}.lock"];

    static (long Free, long All, string Format)? DiskOf(string folder)
    {
        try
        {
            var disk = new DriveInfo(folder);
            return (disk.AvailableFreeSpace, disk.TotalSize, disk.DriveFormat);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
