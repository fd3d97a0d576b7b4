using System.Text;
using Olha.Protocol;
using Olha.Server.Configuration;
using BC = BCrypt.Net.BCrypt;

namespace Olha.Server.Accounts;

/// <summary>Makes and checks password hashes (bcrypt), a few at a time and on threads of their own: one hash takes a
/// quarter of a second of a core, which neither an I/O thread nor the thread pool may lose.</summary>
internal sealed class Passwords : IDisposable
{
    const int Waiting = 100;
    const int HashLength = 60;

    readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));
    readonly int _cost;
    readonly Lazy<string> _nobodys;
    int _queued;

    public Passwords(ServerOptions options)
    {
        _cost = options.PasswordCost;
        _nobodys = new(() => BC.HashPassword("nobody has this password", _cost));
    }

    /// <summary>Judged when it is set, never at login: at least 8 characters, at most the 72 bytes that bcrypt reads, and none of those
    /// that are guessed first. NUL would make two passwords one.</summary>
    /// <param name="password">The password; null: none was sent.</param>
    /// <param name="names">What the person is called here.</param>
    /// <returns>Null: it may be set.</returns>
    public static Refusal? WhyNotSet(string? password, params ReadOnlySpan<string> names) =>
        password is null || Encoding.UTF8.GetByteCount(password) > 72 || password.EnumerateRunes().Count() < 8 || password.Contains('\0') ? Refusal.InvalidPassword
        : GuessedPasswords.Contains(password, names) ? Refusal.CommonPassword
        : null;

    public ValueTask<Outcome<string>> HashAsync(string password, CancellationToken ct) =>
        RunAsync(() => BC.HashPassword(password, _cost), ct);

    /// <summary>Whether it is the password of this hash. Without a hash (nobody has that name) it takes as long and is false.</summary>
    public ValueTask<Outcome<bool>> VerifyAsync(string password, string? hash, CancellationToken ct) =>
        RunAsync(() => Verify(password, hash ?? _nobodys.Value) && hash is not null, ct);

    /// <summary>Whether the hash was made when hashing was cheaper than it is now.</summary>
    public bool IsWeak(string hash) => BC.PasswordNeedsRehash(hash, _cost);

    public void Dispose() => _cores.Dispose();

    async ValueTask<Outcome<T>> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        try
        {
            if (Interlocked.Increment(ref _queued) > Waiting) return Refusal.Unavailable with { RetryAfter = TimeSpan.FromSeconds(5) };
            await _cores.WaitAsync(ct);
            try
            {
                return await Task.Factory.StartNew(work, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                _cores.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
        }
    }

    static bool Verify(string password, string hash)
    {
        try
        {
            return hash.Length == HashLength && BC.Verify(password, hash);
        }
        catch (Exception e) when (e is BCrypt.Net.SaltParseException or ArgumentException)
        {
            return false; // an adopted row that holds no bcrypt hash: nobody gets in with it
        }
    }
}
