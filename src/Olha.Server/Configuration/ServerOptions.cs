namespace Olha.Server.Configuration;

/// <summary>Who may make an account.</summary>
internal enum Registration { Open, Invite, Closed }

/// <summary>Everything that can be set from outside, with defaults that suit one person on one machine.</summary>
internal sealed record ServerOptions
{
    /// <summary>The port to listen on; 0 picks a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The address to listen on; null: all.</summary>
    public string? Bind { get; init; }

    /// <summary>The SQLite file; uploads lie beside it.</summary>
    public string DbName { get; init; } = "data/olha_mensagem.db";

    /// <summary>A folder with <c>sqlite/</c> and <c>postgres/</c> scripts that replaces the embedded ones.</summary>
    public string? DbMigrationsPath { get; init; }

    /// <summary><c>postgres://user:password@host:port/database</c>: use PostgreSQL instead of SQLite.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary><c>redis://host:port</c>: join a cluster; needs <c>DATABASE_URL</c>.</summary>
    public string? RedisUrl { get; init; }

    /// <summary>Fixes scheme, allowed host and origin, and makes cookies secure.</summary>
    public Uri? PublicUrl { get; init; }

    public Registration Registration { get; init; } = Registration.Open;
    public double MessagesPerSecond { get; init; } = 5;
    public int MessageBurst { get; init; } = 20;
    public int ConnectionsPerUser { get; init; } = 20;
    public int Connections { get; init; } = 50_000;
    public int LoginsPerMinute { get; init; } = 10;
    public int RegistrationsPerHour { get; init; } = 20;

    /// <summary>Characters (Unicode scalar values) of one message.</summary>
    public int MessageLength { get; init; } = 4000;

    /// <summary>Seconds that a graceful shutdown may take.</summary>
    public int DrainSeconds { get; init; } = 10;

    /// <summary>bcrypt's cost. Not settable from outside: tests lower it.</summary>
    public int PasswordCost { get; init; } = 12;
}
