namespace Olha.Storage.Sqlite;

/// <summary>What every connection is told. SQLite keeps only the journal mode in the file; the rest belongs to the connection.</summary>
internal static class SqlitePragmas
{
    // A foreign lock: a unit waits for at most the batch in front of it and its own, 5 s together (SqliteLink.Begin, which is asked again
    // every tenth of a second).
    // secure_delete: what was deleted is overwritten with zeros.
    // wal_autocheckpoint: the checkpointer comes long before; this bounds the log (64 MiB) when it can't keep up.
    public const string Writer = """
        PRAGMA busy_timeout = 2500;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -8192;
        PRAGMA wal_autocheckpoint = 16000;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA busy_timeout = 100;
        """;

    public const string Checkpointer = """
        PRAGMA busy_timeout = 2500;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 0;
        """;

    public const string Reader = """
        PRAGMA busy_timeout = 2500;
        PRAGMA query_only = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -16384;
        PRAGMA mmap_size = 268435456;
        """;
}
