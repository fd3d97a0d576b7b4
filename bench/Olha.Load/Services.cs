using System.Globalization;

namespace Olha.Load;

/// <summary>A PostgreSQL of Debian's package as it comes, durable, and a Redis, for nodes that are measured.</summary>
internal sealed class Services : IAsyncDisposable
{
    readonly Child _postgres;
    readonly Child _redis;

    Services(Child postgres, int postgresPort, Child redis, int redisPort) =>
        (_postgres, PostgresPort, _redis, RedisPort, Redis) = (postgres, postgresPort, redis, redisPort, FormattableString.Invariant($"redis://127.0.0.1:{redisPort}"));

    public int PostgresPort { get; }

    /// <summary>An empty database.</summary>
    public string Postgres => FormattableString.Invariant($"postgres://postgres@127.0.0.1:{PostgresPort}/postgres");

    public string Redis { get; }

    /// <summary>PostgreSQL's first process; the others are its children.</summary>
    public int PostgresId => _postgres.Id;

    public int RedisPort { get; }

    public IEnumerable<string> Commands => [_postgres.Command, _redis.Command];

    /// <param name="cpus">The cores that both may run on; null: all.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static async Task<Services> StartAsync(string? cpus, CancellationToken ct)
    {
        // On the disk that is measured, and anew each time: no run begins where another ended.
        var folder = Path.Combine(Workbench.Folder, "postgres");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var data = Path.Combine(folder, "data");
        await using (var init = Start(null, "initdb", folder, ["-D", data, "-U", "postgres", "-A", "trust", "--no-instructions"])) await init.FinishAsync(ct);

        var (postgresPort, redisPort) = (Workbench.FreePort(), Workbench.FreePort());
        var postgres = Start(cpus, "postgres", folder,
            ["-D", data, "-k", "", "-p", postgresPort.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1"]);
        var redis = StartRedis(redisPort, cpus);
        var services = new Services(postgres, postgresPort, redis, redisPort);
        await Server.ListensAsync(redis, redisPort, ct);
        // It listens before it serves.
        while (!postgres.Said.Contains("ready to accept connections", StringComparison.Ordinal))
        {
            if (postgres.HasEnded) throw new BenchException($"{postgres.Command}\nended at once:\n{postgres.Said}");
            await Task.Delay(10, ct);
        }
        return services;
    }

    /// <summary>How fast PostgreSQL alone stores as many rows at once: pgbench and bench/posts.sql.</summary>
    public async Task<(Figures Figures, string Command)> FloorAsync(int rows, int clients, (int From, int To) rooms, bool quick, CancellationToken ct)
    {
        await using var load = Child.Start(null, Path.Combine(Workbench.Postgres, "pgbench"),
        [
            "-n", "-M", "prepared", "-h", "127.0.0.1", "-p", PostgresPort.ToString(CultureInfo.InvariantCulture), "-U", "postgres",
            "-T", quick ? "1" : "8", "-c", clients.ToString(CultureInfo.InvariantCulture), .. Set("rows", rows), .. Set("from", rooms.From),
            .. Set("to", rooms.To), "-f", Path.Combine(Workbench.Root, "bench", "posts.sql"), "postgres",
        ], [], Workbench.Folder);
        // "tps = 40.0 (without initial connection time)", "latency average = 25.0 ms"
        var said = Figures.Parse((await load.FinishAsync(ct)).Replace("tps = ", "tps=", StringComparison.Ordinal)
            .Replace("latency average = ", "latency=", StringComparison.Ordinal));
        return (new Figures(new Dictionary<string, double>
        {
            ["acks_per_s"] = (said["tps"] ?? 0) * rows, ["posts_per_batch"] = rows, ["commit_ms"] = said["latency"] ?? 0,
        }), load.Command);

        static string[] Set(string name, int value) => ["-D", FormattableString.Invariant($"{name}={value}")];
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    public static Child StartRedis(int port, string? cpus) => Child.Start(cpus, "redis-server",
        ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], [], Workbench.Folder);

    // PostgreSQL refuses to run as root.
    static Child Start(string? cpus, string program, string folder, string[] arguments) => Environment.UserName == "root"
        ? Child.Start(cpus, "setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(Workbench.Postgres, program), .. arguments], [], folder)
        : Child.Start(cpus, Path.Combine(Workbench.Postgres, program), arguments, [], folder);
}
