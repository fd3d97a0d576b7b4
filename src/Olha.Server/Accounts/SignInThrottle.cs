using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Accounts;

/// <summary>Makes guessing the password of one account slow, from however many addresses it is tried: after five failures in a row the
/// next try is looked at after 1 s, then 2 s, 4 s and so on, at most a minute. Nobody is locked out, and names that nobody has are
/// slowed down alike.</summary>
/// <remarks>A try counts as failed until it has succeeded, so that a thousand at once are not a thousand guesses. What is remembered is
/// bounded and cannot be pushed out by trying other names: each name has one of 65,536 places, by a hash that differs in every
/// process. Two names in one place wait together. Other nodes' tries are counted as well: they tell a name by its fingerprint.</remarks>
internal sealed class SignInThrottle
{
    const int Places = 1 << 16;
    const int Free = 5;
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    // Waiting for it gives fewer tries than going on does.
    static readonly TimeSpan s_forgotten = TimeSpan.FromMinutes(15);

    /// <summary>What is told of a try that was right.</summary>
    const int Right = 0;

    readonly SharedLimits _shared;
    readonly TimeProvider _clock;
    readonly Lock _gate = new();
    readonly Place[] _places = new Place[Places];

    struct Place
    {
        public int Failures;
        public DateTimeOffset LastAt;
    }

    public SignInThrottle(SharedLimits shared, TimeProvider clock)
    {
        (_shared, _clock) = (shared, clock);
        shared.Listen(Limit.Guess, Hear);
    }

    /// <summary>Counts one try of this account's password; null when it may be looked at.</summary>
    /// <param name="username">As it was written; its case does not matter.</param>
    public Refusal? WhyNotTry(string username)
    {
        var (now, name) = (_clock.GetUtcNow(), Fingerprint(username));
        lock (_gate)
        {
            ref var place = ref PlaceOf(name);
            if (now - place.LastAt >= s_forgotten) place.Failures = 0;
            var wait = place.LastAt + DelayAfter(place.Failures) - now;
            if (wait > TimeSpan.Zero) return Refusal.TooFast with { RetryAfter = wait };
            place.Failures++;
            place.LastAt = now;
        }
        _shared.Spend(Limit.Guess, name);
        return null;
    }

    /// <summary>The password was right: what failed before is forgotten.</summary>
    public void Succeeded(string username)
    {
        var name = Fingerprint(username);
        lock (_gate) PlaceOf(name) = default;
        _shared.Spend(Limit.Guess, name, Right);
    }

    void Hear(long node, long name, int tries)
    {
        lock (_gate)
        {
            ref var place = ref PlaceOf(name);
            place = tries == Right ? default : new Place { Failures = Math.Min(place.Failures + tries, Places), LastAt = _clock.GetUtcNow() };
        }
    }

    static TimeSpan DelayAfter(int failures) =>
        failures < Free ? TimeSpan.Zero
        : failures - Free >= 6 ? s_longest
        : TimeSpan.FromSeconds(1 << (failures - Free));

    // Nobody finds two names with the same one.
    static long Fingerprint(string username)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(UserName.KeyOf(username)), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    // Combine begins with what differs in every process.
    ref Place PlaceOf(long name) => ref _places[(uint)HashCode.Combine(name) % Places];
}
