namespace Olha.Storage;

/// <summary>Another program whose SQLite files this one takes over.</summary>
/// <param name="Wrote">Whether a file is that program's: it has its tables and none of ours.</param>
/// <param name="Convert">Fills a new database, whose schema is up to date, with what the old one holds: one unit of work, whose
/// result takes the old file's place once it is complete. Neither may await anything but the sessions.</param>
public sealed record Predecessor(Func<Session, ValueTask<bool>> Wrote, Func<Session, Transaction, ValueTask> Convert);
