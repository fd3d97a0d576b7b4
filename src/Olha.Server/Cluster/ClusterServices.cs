using Olha.Fanout;

namespace Olha.Server.Cluster;

/// <summary>What makes a node of the program.</summary>
internal static class ClusterServices
{
    /// <summary>This node tells the others what it changes and hears what they do: over Redis where there is one, otherwise over the PostgreSQL
    /// that they share. Nobody has to say that there are others. On SQLite it is alone.</summary>
    /// <param name="services">What the program is put together from.</param>
    /// <param name="redisUrl">Where Redis is; null: nowhere.</param>
    /// <param name="databaseUrl">Where PostgreSQL is; null: nowhere.</param>
    /// <param name="epoch">The database's: nodes of one database are a cluster.</param>
    public static IServiceCollection AddCluster(this IServiceCollection services, string? redisUrl, string? databaseUrl, string epoch)
    {
        if (redisUrl is not null)
            return services.AddBackplane(it => new RedisBackplane(
                RedisUrl.Parse(redisUrl), epoch, it.GetRequiredService<TimeProvider>(), it.GetRequiredService<ILogger<RedisBackplane>>()));
        if (databaseUrl is not null)
            return services.AddBackplane(it => new NotifyBackplane(
                databaseUrl, epoch, it.GetRequiredService<TimeProvider>(), it.GetRequiredService<ILogger<NotifyBackplane>>()));
        return services;
    }

    static IServiceCollection AddBackplane<T>(this IServiceCollection services, Func<IServiceProvider, T> make) where T : class, IBackplane => services
        .AddSingleton(make)
        .AddSingleton<IBackplane>(it => it.GetRequiredService<T>());
}
