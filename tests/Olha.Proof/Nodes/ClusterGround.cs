using Olha.Testing;

namespace Olha.Proof;

/// <summary>What the nodes of a cluster stand on: a real PostgreSQL and a real Redis of their own, and from each node a cable to each of them.
/// All of it can be struck, and heals.</summary>
internal sealed class ClusterGround : IAsyncDisposable
{
    readonly List<Cable> _toPostgres = [];
    readonly List<Cable> _toRedis = [];

    ClusterGround(MortalPostgres postgres, RedisServer redis) => (Postgres, Redis) = (postgres, redis);

    public MortalPostgres Postgres { get; }

    public RedisServer Redis { get; }

    /// <summary>Whoever strikes it takes a turn.</summary>
    public SemaphoreSlim Turns { get; } = new(1);

    /// <summary>By node.</summary>
    public IReadOnlyList<Cable> ToPostgres => _toPostgres;

    /// <summary>By node.</summary>
    public IReadOnlyList<Cable> ToRedis => _toRedis;

    /// <summary>The database, not over a cable: for whoever looks.</summary>
    public string DatabaseUrl { get; private set; } = "";

    /// <summary>The database's name.</summary>
    public string Database => new Uri(DatabaseUrl).AbsolutePath.Trim('/');

    public static async Task<ClusterGround> MakeAsync(int nodes)
    {
        var ground = new ClusterGround(await MortalPostgres.StartNewAsync(), await RedisServer.StartNewAsync());
        for (var node = 0; node < nodes; node++)
        {
            ground._toPostgres.Add(new Cable(ground.Postgres.Url));
            ground._toRedis.Add(new Cable(ground.Redis.Url));
        }
        return ground;
    }

    /// <summary>A fresh, empty database takes the place of the one before, which goes.</summary>
    public async Task RenewAsync()
    {
        if (DatabaseUrl.Length > 0) await Postgres.ExecuteAsync($"DROP DATABASE IF EXISTS {Database} WITH (FORCE)");
        var name = $"proof_{Guid.NewGuid():n}";
        await Postgres.ExecuteAsync($"CREATE DATABASE {name}");
        DatabaseUrl = new UriBuilder(Postgres.Url) { Path = name }.Uri.AbsoluteUri;
    }

    /// <summary>The database as a node reaches it.</summary>
    public string DatabaseUrlOf(int node) => new UriBuilder(DatabaseUrl) { Port = _toPostgres[node].Port }.Uri.AbsoluteUri;

    public string RedisUrlOf(int node) => _toRedis[node].Url;

    /// <summary>Both servers are up, and every cable is whole.</summary>
    public async Task HealAsync()
    {
        foreach (var cable in _toPostgres.Concat(_toRedis)) cable.Mend();
        if (!Postgres.IsUp) await Postgres.StartAsync();
        else Postgres.Signal("CONT");
        if (!Redis.IsUp) await Redis.StartAsync();
        else Redis.Signal("CONT");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cable in _toPostgres.Concat(_toRedis)) await cable.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
        Turns.Dispose();
    }
}
