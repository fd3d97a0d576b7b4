using System.Collections.Concurrent;
using Olha.Protocol;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Who is signed in, and which access tokens are in use. Remembers them, so that a request costs no query.</summary>
/// <remarks>What is remembered is kept right by <see cref="Forget"/>, the one place that every end of a session and of a token goes
/// through, and is read anew once a minute in case the end was written by another program.</remarks>
internal sealed class Sessions(Database db, SessionStore store, TokenStore tokens, Announcer live, TimeProvider clock)
{
    public static readonly TimeSpan Idle = TimeSpan.FromDays(14);
    public static readonly TimeSpan Absolute = TimeSpan.FromDays(90);
    static readonly TimeSpan TouchEvery = TimeSpan.FromHours(1);
    static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);
    const int Remembered = 100_000;

    readonly ConcurrentDictionary<string, Entry> _byHash = new();
    long _ends;

    /// <summary>A new session in the caller's unit of work. Ends the one whose place it takes in the browser, whoever's that was.</summary>
    /// <returns>Its secret, which nobody can read again, and when it ends if it is not used before.</returns>
    public async ValueTask<OpenedSession> OpenAsync(Transaction tx, long userId, Visitor visitor)
    {
        if (visitor.Replaces is { } older && await store.DeleteByHashAsync(tx, SessionToken.Hash(older)) is { } ended)
            tx.AfterCommit(() => Cut(ended.UserId, ended.Id));
        var now = clock.GetUtcNow();
        await store.DeleteEndedAsync(tx, userId, now.ToUnixTimeMilliseconds(), (now - Idle).ToUnixTimeMilliseconds());
        var token = SessionToken.New();
        var id = await store.AddAsync(
            tx, SessionToken.Hash(token), userId, visitor.Device, now.ToUnixTimeMilliseconds(), (now + Absolute).ToUnixTimeMilliseconds());
        return new OpenedSession(id, token, now + Idle);
    }

    /// <summary>Whose token it is; null: nobody's, or its session has ended.</summary>
    public async ValueTask<Caller?> CallerAsync(string token, CancellationToken ct) => (await FindAsync(token, ct))?.Caller;

    /// <summary>When the session of this token ends if it is not used before.</summary>
    public async ValueTask<DateTimeOffset?> EndsAtAsync(string token, CancellationToken ct) => (await FindAsync(token, ct))?.EndsAt;

    /// <summary>Somebody's sessions, the last used first.</summary>
    public async ValueTask<SessionList> ListAsync(Session session, Caller caller)
    {
        var now = clock.GetUtcNow();
        var own = await store.ListAsync(session, caller.UserId, now.ToUnixTimeMilliseconds(), (now - Idle).ToUnixTimeMilliseconds());
        return new SessionList([.. own.Select(it => it.ToInfo(Idle, it.Id == caller.SessionId))]);
    }

    /// <summary>Ends a session for good in the caller's unit of work.</summary>
    public async ValueTask EndAsync(Transaction tx, long sessionId)
    {
        await store.DeleteAsync(tx, sessionId);
        tx.AfterCommit(() => Forget(entry => entry.Caller.SessionId == sessionId));
    }

    /// <summary>Gives a session another secret in the caller's unit of work. Its sockets stay.</summary>
    /// <returns>The new secret; null: the session has ended.</returns>
    public async ValueTask<OpenedSession?> RenewAsync(Transaction tx, long sessionId)
    {
        var token = SessionToken.New();
        if (!await store.SetHashAsync(tx, sessionId, SessionToken.Hash(token))) return null;
        tx.AfterCommit(() => Forget(entry => entry.Caller.SessionId == sessionId));
        return new OpenedSession(sessionId, token, clock.GetUtcNow() + Idle);
    }

    /// <summary>After the end of one session or token was committed: it opens nothing more, and its sockets close.</summary>
    public void Cut(long userId, long sessionId)
    {
        Forget(entry => entry.Caller.SessionId == sessionId);
        live.EndSession(userId, sessionId);
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
            entry = SessionToken.CanBeAccess(token)
                ? await db.ReadAsync(session => tokens.FindAsync(session, bytes), ct) is { } access ? Entry.From(access, bytes, now) : null
                : await db.ReadAsync(session => store.FindAsync(session, bytes), ct) is { } row ? Entry.From(row, bytes, now) : null;
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
                var at = now.ToUnixTimeMilliseconds();
                await (entry.Caller.Scopes is null ? store.TouchAsync(tx, entry.Caller.SessionId, at) : tokens.TouchAsync(tx, -entry.Caller.SessionId, at));
                return true;
            }, ct);
        }
        catch (DatabaseUnavailableException) { }
        return touched;
    }

    /// <summary>A session or an access token in use. Tokens don't end for not being used.</summary>
    internal sealed record Entry(Caller Caller, DateTimeOffset UsedAt, DateTimeOffset ExpiresAt, DateTimeOffset ReadAt)
    {
        public DateTimeOffset EndsAt => Caller.Scopes is null && UsedAt + Idle < ExpiresAt ? UsedAt + Idle : ExpiresAt;

        public static Entry From(SessionRow row, byte[] hash, DateTimeOffset now) => new(
            new Caller(row.UserId, row.Id, row.Username, Roles.Parse(row.Role)) { SecretHash = hash },
            DateTimeOffset.FromUnixTimeMilliseconds(row.UsedAt), DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt), now);

        public static Entry From(TokenRow row, byte[] hash, DateTimeOffset now) => new(
            new Caller(row.UserId, -row.Id, row.Username, Roles.Parse(row.Role), row.Scopes) { SecretHash = hash },
            row.UsedAt ?? DateTimeOffset.MinValue, row.ExpiresAt ?? DateTimeOffset.MaxValue, now);
    }
}

/// <summary>A session that was just opened: the only moment when its secret is known.</summary>
internal sealed record OpenedSession(long Id, string Token, DateTimeOffset EndsAt);
