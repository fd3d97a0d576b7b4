using Olha.Server.Cluster;
using StackExchange.Redis;

namespace Olha.Server.Doctor;

/// <summary>Redis: whether it can be reached, is new enough, and forgets nothing on its own.</summary>
internal static class RedisExam
{
    const string Area = "redis";
    const int Oldest = 7;

    public static async Task<IReadOnlyList<Finding>> OfAsync(string url)
    {
        try
        {
            var place = RedisUrl.Parse(url);
            place.AbortOnConnectFail = true;
            place.AllowAdmin = true; // what INFO is counted as; nothing is changed
            await using var redis = await ConnectionMultiplexer.ConnectAsync(place);
            var server = redis.GetServer(redis.GetEndPoints()[0]);
            var facts = (await server.InfoAsync()).SelectMany(static it => it).GroupBy(static it => it.Key).ToDictionary(static it => it.Key, static it => it.First().Value);
            return [.. Of(server.Version, facts)];
        }
        catch (Exception e) when (e is RedisException or RedisCommandException)
        {
            return [Finding.Problem(Area, "unavailable", $"Redis can't be reached: {Reason(e)}",
                "Start it, or correct REDIS_URL (olha config). Meanwhile nodes ask the database, and are slower.")];
        }
    }

    static IEnumerable<Finding> Of(Version version, Dictionary<string, string> facts)
    {
        yield return version.Major < Oldest
            ? Finding.Problem(Area, "version", $"Redis {version} is older than what the server is tried on.", $"Upgrade it to {Oldest} or later.")
            : Finding.Ok(Area, "version", $"Redis {version} answers.");
        if (facts.GetValueOrDefault("role") is "slave" or "replica")
            yield return Finding.Problem(Area, "replica", "It is a replica, which takes no writes.", "Name the primary in REDIS_URL.");
        var policy = facts.GetValueOrDefault("maxmemory_policy");
        if (facts.GetValueOrDefault("maxmemory") is not ("0" or null) && policy is not ("noeviction" or null))
            yield return Finding.Warning(Area, "eviction", $"With little memory it throws away what it was told to keep ({policy}): people seem to have gone.",
                "CONFIG SET maxmemory-policy noeviction");
        else yield return Finding.Ok(Area, "eviction", "It keeps what it was told to keep.");
    }

    // The library's own sentence advises its programmer.
    static string Reason(Exception e) => (e as RedisConnectionException)?.FailureType switch
    {
        ConnectionFailureType.UnableToConnect or ConnectionFailureType.UnableToResolvePhysicalConnection => "nobody answers there.",
        ConnectionFailureType.AuthenticationFailure => "it takes neither this user nor this password.",
        _ => $"{e.GetBaseException().Message.Split('\n')[0].TrimEnd('.')}.",
    };
}
