namespace Olha.Server.Export;

/// <summary>The folder that an export is written to. Until it is complete it lies in a folder <c>unfinished</c> inside, which says so;
/// an earlier export stays beside it until then.</summary>
internal sealed class ExportFolder : IDisposable
{
    /// <summary>What the whole export is, the last file that gets its place.</summary>
    public const string Index = "export.json";

    const string Unfinished = "unfinished";
    const string Marker = "UNFINISHED.txt";
    const string MarkerText = """
        An export is being written here, or was when its program ended. What lies here is a part of it.
        Run the same command again, which begins anew, or remove this folder.

        """;
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly string[] s_own = ["index.html", "pages", "people.jsonl", "rooms", Index];

    readonly string _path;
    readonly string _inside;
    readonly FileStream _marker;

    ExportFolder(string path, string inside, FileStream marker, bool wasUnfinished) => (_path, _inside, _marker, WasUnfinished) = (path, inside, marker, wasUnfinished);

    /// <summary>Whether an earlier export was not finished here.</summary>
    public bool WasUnfinished { get; }

    /// <summary>Makes it, or takes it when there is nothing in it but an export of ours.</summary>
    /// <param name="path">Where.</param>
    /// <param name="replace">Whether a finished export may be replaced. Nothing else ever is.</param>
    /// <exception cref="ExportRefusedException">It is not to be written to.</exception>
    /// <exception cref="IOException">It can't be.</exception>
    public static ExportFolder Claim(string path, bool replace)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path)) throw new ExportRefusedException("not_empty", $"{path} is a file.");
        var inside = Path.Combine(path, Unfinished);
        // Empty: it ended before it could say so.
        var wasUnfinished = Directory.Exists(inside) && (File.Exists(Path.Combine(inside, Marker)) || !Directory.EnumerateFileSystemEntries(inside).Any());
        if (Directory.Exists(path))
        {
            var others = Directory.EnumerateFileSystemEntries(path).Select(static it => Path.GetFileName(it)!).Where(it => it != Unfinished || !wasUnfinished).ToList();
            var isExport = others.Contains(Index) || wasUnfinished;
            if ((isExport ? others.Except(s_own) : others).FirstOrDefault() is { } other)
                throw new ExportRefusedException("not_empty", $"{path} is not empty (it has {other}), and what lies there is no export: name another folder.");
            if (others.Contains(Index) && !replace)
                throw new ExportRefusedException("not_empty", $"{path} holds an export already. Name another folder, or say --replace.");
        }
        MakeFolder(path);
        var marker = Mark(inside, path);
        foreach (var leftover in Directory.EnumerateFileSystemEntries(inside).Where(static it => Path.GetFileName(it) != Marker)) Remove(leftover);
        return new(path, inside, marker, wasUnfinished);
    }

    /// <summary>A file of the export, for its owner's eyes only.</summary>
    /// <param name="name">Its path in the folder.</param>
    public FileStream New(string name)
    {
        var path = Path.Combine(_inside, name);
        MakeFolder(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new(path, options);
    }

    /// <summary>It is complete: takes the place of what was there.</summary>
    public void Finish()
    {
        // Whoever dies in between leaves the marker, and no index beside it.
        foreach (var name in s_own.Reverse()) Remove(Path.Combine(_path, name));
        foreach (var name in s_own)
        {
            var made = Path.Combine(_inside, name);
            if (Directory.Exists(made)) Directory.Move(made, Path.Combine(_path, name));
            else if (File.Exists(made)) File.Move(made, Path.Combine(_path, name));
        }
        Abandon();
    }

    /// <summary>Takes away what was written, when it will not be finished. Of an earlier export nothing.</summary>
    public void Abandon()
    {
        if (!Directory.Exists(_inside)) return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(_inside).Where(static it => Path.GetFileName(it) != Marker)) Remove(entry);
        Remove(_inside);
    }

    public void Dispose() => _marker.Dispose();

    static FileStream Mark(string inside, string path)
    {
        MakeFolder(inside);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            var marker = new FileStream(Path.Combine(inside, Marker), options);
            marker.Write(System.Text.Encoding.UTF8.GetBytes(MarkerText));
            marker.Flush(flushToDisk: true);
            return marker;
        }
        catch (IOException e) when (e.HResult == 11) // EAGAIN: it is locked
        {
            throw new ExportRefusedException("in_use", $"another export is being written to {path}.");
        }
    }

    static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    static void Remove(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }
}

/// <summary>Nothing is exported to there. The message is one line for the person who asked.</summary>
internal sealed class ExportRefusedException(string code, string message) : Exception(message)
{
    public string Code => code;
}
