namespace Olha.Storage;

/// <summary>The database can't be reached or written right now. Asking again later can succeed.</summary>
public sealed class DatabaseUnavailableException(string message, bool outcomeUnknown = false, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>True when the connection or the disk failed during commit: the unit may or may not be stored.</summary>
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}

/// <summary>The database must not be opened by this program as it is. The message is one line for the person who started it.</summary>
public class DatabaseRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another process has the SQLite file open.</summary>
public sealed class DatabaseInUseException(string path, Exception? inner = null)
    : DatabaseRefusedException($"Another process has the database {path} open.", inner);

/// <summary>A newer version of the program has changed the database's schema.</summary>
/// <param name="found">The schema's version.</param>
/// <param name="known">The newest one that this program knows.</param>
/// <param name="kept">The file that holds the database as it was before; null: not known.</param>
public sealed class SchemaTooNewException(string found, string known, string? kept = null)
    : DatabaseRefusedException(
        $"The database has schema version {found}, this program knows versions up to {known}: start the newer program, or restore a backup made by this one{WayBack(kept)}.")
{
    public string Found => found;

    public string Known => known;

    static string WayBack(string? kept) =>
        kept is null ? "" : $", as it was kept before that upgrade: olha restore {kept} --replace";
}
