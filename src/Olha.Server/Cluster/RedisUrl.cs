using StackExchange.Redis;

namespace Olha.Server.Cluster;

/// <summary>What <c>REDIS_URL</c> says: <c>redis[s]://[[user]:password@]host[:port][/database]</c>.</summary>
internal static class RedisUrl
{
    const int DefaultPort = 6379;

    public static ConfigurationOptions Parse(string text)
    {
        var url = new Uri(text);
        var account = url.UserInfo.Split(':', 2);
        return new ConfigurationOptions
        {
            EndPoints = { { url.Host, url.Port > 0 ? url.Port : DefaultPort } },
            Ssl = url.Scheme == "rediss",
            User = account.Length == 2 && account[0].Length > 0 ? Uri.UnescapeDataString(account[0]) : null,
            Password = account.Length == 2 ? Uri.UnescapeDataString(account[1]) : null,
            DefaultDatabase = int.TryParse(url.AbsolutePath.Trim('/'), out var database) ? database : 0,
            ClientName = "olha",
            AbortOnConnectFail = false,
            // What cannot be sent now is not kept for later: comparing heads finds it.
            BacklogPolicy = BacklogPolicy.FailFast,
            ConnectTimeout = 2000,
            AsyncTimeout = 2000,
            KeepAlive = 10,
            // Hints have a connection of their own: when Redis cuts it for being slow, the rest goes on.
            Protocol = RedisProtocol.Resp2,
        };
    }
}
