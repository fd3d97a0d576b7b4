using Olha.Fanout;

namespace Olha.Server.Cluster;

/// <summary>What makes a node of the program.</summary>
internal static class ClusterServices
{
    /// <summary>With a Redis, this node tells the others what it changes and hears what they do; without one it is alone.</summary>
    /// <param name="services">What the program is put together from.</param>
    /// <param name="redisUrl">Where Redis is; null: nowhere.</param>
    /// <param name="epoch">The database's: nodes of one database are a cluster.</param>
    public static IServiceCollection AddCluster(this IServiceCollection services, string? redisUrl, string epoch) => redisUrl is null
        ? services
        : services
            .AddSingleton(it => new RedisBackplane(
                RedisUrl.Parse(redisUrl), epoch, it.GetRequiredService<TimeProvider>(), it.GetRequiredService<ILogger<RedisBackplane>>()))
            .AddSingleton<IBackplane>(it => it.GetRequiredService<RedisBackplane>());
}
