using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>How often one address may try to sign in and to make accounts, and show secrets that are to be looked up.</summary>
internal sealed class AddressLimits(ServerOptions options) : IDisposable
{
    readonly PartitionedRateLimiter<IPAddress> _signIns = Within(TimeSpan.FromMinutes(1), options.LoginsPerMinute);
    readonly PartitionedRateLimiter<IPAddress> _signUps = Within(TimeSpan.FromHours(1), options.RegistrationsPerHour);

    // Costs next to nothing, and many may open one link in one house; but nobody needs to do it all day.
    readonly PartitionedRateLimiter<IPAddress> _looks = Within(TimeSpan.FromMinutes(1), options.LoginsPerMinute * 6);

    /// <summary>Counts one try; null when it may go on.</summary>
    public Refusal? WhyNotSignIn(IPAddress address) => Count(_signIns, address);

    /// <summary>Counts one try; null when it may go on.</summary>
    public Refusal? WhyNotSignUp(IPAddress address) => Count(_signUps, address);

    /// <summary>Counts one look at what a secret is for, without a session; null when it may go on.</summary>
    public Refusal? WhyNotLook(IPAddress address) => Count(_looks, address);

    public void Dispose()
    {
        _looks.Dispose();
        _signIns.Dispose();
        _signUps.Dispose();
    }

    static Refusal? Count(PartitionedRateLimiter<IPAddress> limiter, IPAddress address)
    {
        using var lease = limiter.AttemptAcquire(Home(address));
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Refusal.TooFast with { RetryAfter = after } : Refusal.TooFast;
    }

    static PartitionedRateLimiter<IPAddress> Within(TimeSpan window, int limit) => PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => limit == 0
            ? RateLimitPartition.GetNoLimiter(address)
            : RateLimitPartition.GetFixedWindowLimiter(address, _ => new() { PermitLimit = limit, Window = window, QueueLimit = 0 }));

    // One home has a /64 of IPv6 addresses to itself.
    static IPAddress Home(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }
}
