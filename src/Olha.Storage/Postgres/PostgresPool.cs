using Npgsql;

namespace Olha.Storage.Postgres;

/// <summary>Makes the connection pools. What the address says goes before what is said here.</summary>
internal static class PostgresPool
{
    public const int Writers = 24;
    public const int Readers = 16;

    /// <summary>Those of <see cref="ForTurns"/>, as many as there are kinds of work and one to spare. Not a pool's limit: there is no pool.</summary>
    public const int Turns = 4;

    public static NpgsqlDataSource ForWriting(string url) => Build(url, "olha-writers", "-c synchronous_commit=on", Writers);

    public static NpgsqlDataSource ForReading(string url) => Build(url, "olha-readers", "-c default_transaction_read_only=on", Readers);

    /// <summary>How many connections a pool has at most: what is said here, or in the address.</summary>
    public static int SizeOf(string url, int most)
    {
        var settings = PostgresUrl.Parse(url);
        Default(settings, "Maximum Pool Size", most);
        return settings.MaxPoolSize;
    }

    /// <summary>For one long job: what it waits for takes as long as it takes.</summary>
    public static NpgsqlDataSource ForMoving(string url) => Build(url, "olha-moving", "-c synchronous_commit=on", most: 4, patience: 0);

    /// <summary>For <see cref="PostgresNotices"/>: nothing of it is kept, and who listens wants to know soon when it no longer does.</summary>
    public static NpgsqlDataSource ForNotices(string url) => Build(url, "olha-notices", "-c synchronous_commit=off", most: 2, patience: 3);

    /// <summary>Connections that are closed for good after their use, and by PostgreSQL when nothing is heard from them.</summary>
    /// <param name="url">Where.</param>
    /// <param name="silence">Seconds.</param>
    public static NpgsqlDataSource ForTurns(string url, int silence) => Build(url, "olha-turns", $"-c idle_session_timeout={silence}s", Turns, pooled: false);

    static NpgsqlDataSource Build(string url, string name, string options, int most, int patience = 15, bool pooled = true)
    {
        var settings = PostgresUrl.Parse(url);
        if (!pooled) settings.Pooling = false;
        // The last word of the same setting wins, so the operator's does.
        settings.Options = $"{options} {settings.Options}".TrimEnd();
        Default(settings, "Application Name", name);
        Default(settings, "Maximum Pool Size", most);
        // Seconds that a unit waits for a connection, new or free, before it is told "not now".
        Default(settings, "Timeout", 5);
        Default(settings, "Command Timeout", patience);
        // A server that is gone without a word is noticed.
        Default(settings, "Keepalive", 10);
        Default(settings, "Max Auto Prepare", 200);
        Default(settings, "Auto Prepare Min Usages", 2);

        // The name stands in the driver's own metrics, where the address would otherwise.
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString) { Name = name };
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }

    static void Default(NpgsqlConnectionStringBuilder settings, string name, object value)
    {
        if (!settings.ContainsKey(name) || !settings.ShouldSerialize(name)) settings[name] = value;
    }
}
