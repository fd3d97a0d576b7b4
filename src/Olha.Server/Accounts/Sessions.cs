using System.Collections.Concurrent;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Who is signed in. Remembers the sessions in use, so that a request costs no query.</summary>
/// <remarks>What is remembered is kept right by <see cref="Forget"/>, the one place that every end of a session goes through,
/// and is read anew once a minute in case the end was written by another program.</remarks>
internal sealed class Sessions(Database db, SessionStore store, TimeProvider clock)
{
    public static readonly TimeSpan Idle = TimeSpan.FromDays(14);
    public static readonly TimeSpan Absolute = TimeSpan.FromDays(90);
    static readonly TimeSpan TouchEvery = TimeSpan.FromHours(1);
    static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);
    const int Remembered = 100_000;

    readonly ConcurrentDictionary<string, Entry> _byHash = new();
    long _ends;

    /// <summary>A new session in the caller's unit of work.</summary>
    /// <returns>Its secret, which nobody can read again, and when it ends if it is not used before.</returns>
    public async ValueTask<OpenedSession> OpenAsync(Transaction tx, long userId, string device)
    {
        var now = clock.GetUtcNow();
        await store.DeleteEndedAsync(tx, userId, now.ToUnixTimeMilliseconds(), (now - Idle).ToUnixTimeMilliseconds());
        var token = SessionToken.New();
        var id = await store.AddAsync(
            tx, SessionToken.Hash(token), userId, device, now.ToUnixTimeMilliseconds(), (now + Absolute).ToUnixTimeMilliseconds());
        return new OpenedSession(id, token, now + Idle);
    }

    /// <summary>Whose token it is; null: nobody's, or its session has ended.</summary>
    public async ValueTask<Caller?> CallerAsync(string token, CancellationToken ct) => (await FindAsync(token, ct))?.Caller;

    /// <summary>When the session of this token ends if it is not used before.</summary>
    public async ValueTask<DateTimeOffset?> EndsAtAsync(string token, CancellationToken ct) => (await FindAsync(token, ct))?.EndsAt;

    /// <summary>Ends a session for good in the caller's unit of work.</summary>
    public async ValueTask EndAsync(Transaction tx, long sessionId)
    {
        await store.DeleteAsync(tx, sessionId);
        tx.AfterCommit(() => Forget(entry => entry.Caller.SessionId == sessionId));
    }

    /// <summary>Reads anew what matches when it is next asked for.</summary>
    public void Forget(Predicate<Entry> which)
    {
        Interlocked.Increment(ref _ends);
        foreach (var (hash, entry) in _byHash)
            if (which(entry)) _byHash.TryRemove(hash, out _);
    }

    async ValueTask<Entry?> FindAsync(string token, CancellationToken ct)
    {
        var bytes = SessionToken.Hash(token);
        var hash = Convert.ToHexString(bytes);
        var now = clock.GetUtcNow();
        if (!_byHash.TryGetValue(hash, out var entry) || now - entry.ReadAt >= Trusted)
        {
            var ends = Interlocked.Read(ref _ends);
            var row = await db.ReadAsync(session => store.FindAsync(session, bytes), ct);
            entry = row is null ? null : Entry.From(row, now);
            Remember(hash, entry, ends);
        }
        if (entry is null || now >= entry.EndsAt) return null;
        return now - entry.UsedAt < TouchEvery ? entry : await TouchAsync(hash, entry, now, ct);
    }

    // A session that ended while its row was being read must not be remembered as if it had not.
    void Remember(string hash, Entry? entry, long ends)
    {
        if (entry is null)
        {
            _byHash.TryRemove(hash, out _);
            return;
        }
        if (_byHash.Count >= Remembered) _byHash.Clear();
        _byHash[hash] = entry;
        if (Interlocked.Read(ref _ends) != ends) _byHash.TryRemove(hash, out _);
    }

    // A database that can't be written right now signs nobody out.
    async ValueTask<Entry> TouchAsync(string hash, Entry entry, DateTimeOffset now, CancellationToken ct)
    {
        var touched = entry with { UsedAt = now };
        _byHash.TryUpdate(hash, touched, entry);
        try
        {
            await db.WriteAsync(async tx =>
            {
                await store.TouchAsync(tx, entry.Caller.SessionId, now.ToUnixTimeMilliseconds());
                return true;
            }, ct);
        }
        catch (DatabaseUnavailableException) { }
        return touched;
    }

    /// <summary>A session in use.</summary>
    internal sealed record Entry(Caller Caller, DateTimeOffset UsedAt, DateTimeOffset ExpiresAt, DateTimeOffset ReadAt)
    {
        public DateTimeOffset EndsAt => UsedAt + Idle < ExpiresAt ? UsedAt + Idle : ExpiresAt;

        public static Entry From(SessionRow row, DateTimeOffset now) => new(
            new Caller(row.UserId, row.Id, row.Username, Roles.Parse(row.Role)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.UsedAt), DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt), now);
    }
}

/// <summary>A session that was just opened: the only moment when its secret is known.</summary>
internal sealed record OpenedSession(long Id, string Token, DateTimeOffset EndsAt);
