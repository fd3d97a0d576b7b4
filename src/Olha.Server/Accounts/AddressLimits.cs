using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Live;

namespace Olha.Server.Accounts;

/// <summary>How often one address may try to sign in and to make accounts, and show secrets that are to be looked up: on all nodes
/// together.</summary>
internal sealed class AddressLimits
{
    readonly SharedLimits _shared;
    readonly FixedWindows _signIns, _signUps, _looks;

    public AddressLimits(ServerOptions options, SharedLimits shared, TimeProvider clock)
    {
        _shared = shared;
        _signIns = new FixedWindows(TimeSpan.FromMinutes(1), options.LoginsPerMinute, clock);
        _signUps = new FixedWindows(TimeSpan.FromHours(1), options.RegistrationsPerHour, clock);
        // Costs next to nothing, and many may open one link in one house; but nobody needs to do it all day.
        _looks = new FixedWindows(TimeSpan.FromMinutes(1), options.LoginsPerMinute * 6, clock);
        shared.Listen(Limit.SignIn, (_, home, count) => _signIns.Add(home, count));
        shared.Listen(Limit.SignUp, (_, home, count) => _signUps.Add(home, count));
        shared.Listen(Limit.Look, (_, home, count) => _looks.Add(home, count));
    }

    /// <summary>Counts one try; null when it may go on.</summary>
    public Refusal? WhyNotSignIn(IPAddress address) => Count(Limit.SignIn, _signIns, address);

    /// <summary>Counts one try; null when it may go on.</summary>
    public Refusal? WhyNotSignUp(IPAddress address) => Count(Limit.SignUp, _signUps, address);

    /// <summary>Counts one look at what a secret is for, without a session; null when it may go on.</summary>
    public Refusal? WhyNotLook(IPAddress address) => Count(Limit.Look, _looks, address);

    Refusal? Count(Limit limit, FixedWindows windows, IPAddress address)
    {
        var home = Home(address);
        if (windows.Count(home) is { } wait) return Refusal.TooFast with { RetryAfter = wait };
        _shared.Spend(limit, home);
        return null;
    }

    // One home has a /64 of IPv6 addresses to itself. An IPv4 address stands where no /64 is.
    static long Home(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? BinaryPrimitives.ReadInt64BigEndian(bytes)
            : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
