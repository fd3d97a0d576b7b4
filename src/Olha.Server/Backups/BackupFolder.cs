using System.Globalization;

namespace Olha.Server.Backups;

/// <summary>A folder of backups: <c>NAME-20261127T053000Z.db</c> each, by the database's name and the time.</summary>
/// <param name="path">Where it is.</param>
/// <param name="name">What they begin with.</param>
internal sealed class BackupFolder(string path, string name)
{
    const string Time = "yyyyMMdd'T'HHmmss'Z'";
    const string Ending = ".db";
    const string Unfinished = ".partial";

    /// <summary>Where a backup of this moment belongs.</summary>
    public string PathFor(DateTimeOffset now) =>
        Path.Combine(path, $"{name}-{now.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)}{Ending}");

    /// <summary>What is there, the newest first. Other files are none of it.</summary>
    public IReadOnlyList<(string Path, DateTimeOffset TakenAt)> All() => !Directory.Exists(path) ? [] :
    [
        .. Directory.GetFiles(path, $"{name}-*{Ending}")
            .Select(file => (Path: file, TakenAt: TimeOf(file))).Where(static it => it.TakenAt is not null)
            .Select(static it => (it.Path, it.TakenAt!.Value)).OrderByDescending(static it => it.Value),
    ];

    /// <summary>Removes all but the newest, and what killed processes have left.</summary>
    /// <returns>How many backups were removed.</returns>
    public int Rotate(int keep)
    {
        foreach (var left in Directory.GetFiles(path, $"{name}-*{Ending}{Unfinished}"))
            if (TimeOf(left[..^Unfinished.Length]) is not null) RemoveIfLeft(left);
        var old = All().Skip(keep).ToList();
        foreach (var (file, _) in old) File.Delete(file);
        return old.Count;
    }

    static void RemoveIfLeft(string unfinished)
    {
        try
        {
            using var alone = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            File.Delete(unfinished);
        }
        catch (IOException) { } // it is being written
    }

    DateTimeOffset? TimeOf(string file) =>
        DateTimeOffset.TryParseExact(
            Path.GetFileName(file)[(name.Length + 1)..^Ending.Length], Time, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
