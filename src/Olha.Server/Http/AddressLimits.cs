using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>How often one address may try to sign in, to make accounts, and to guess what opens a door without either.</summary>
internal sealed class AddressLimits(ServerOptions options) : IDisposable
{
    /// <summary>Invitations and links are looked at a few times by one person; a secret is guessed for ever.</summary>
    const int TriesPerMinute = 20;

    readonly PartitionedRateLimiter<IPAddress> _signIns = Within(TimeSpan.FromMinutes(1), options.LoginsPerMinute);
    readonly PartitionedRateLimiter<IPAddress> _signUps = Within(TimeSpan.FromHours(1), options.RegistrationsPerHour);

    readonly PartitionedRateLimiter<IPAddress> _tries = Within(TimeSpan.FromMinutes(1), TriesPerMinute);

    /// <summary>Counts one look at, or use of, an invitation or a link; null when it may go on.</summary>
    public Refusal? WhyNotTry(IPAddress address) => Count(_tries, address);

    /// <summary>Counts one try; null when it may go on.</summary>
    public Refusal? WhyNotSignIn(IPAddress address) => Count(_signIns, address);

    /// <summary>Counts one try; null when it may go on.</summary>
    public Refusal? WhyNotSignUp(IPAddress address) => Count(_signUps, address);

    public void Dispose()
    {
        _signIns.Dispose();
        _signUps.Dispose();
        _tries.Dispose();
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
