using System.Collections.Concurrent;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Who is signed in, and which access tokens are in use. Remembers them, so that a request costs no query.</summary>
/// <remarks>What is remembered is kept right by <see cref="Forget"/>, through which every end of a session and of a token goes on its own
/// node at once and on the others with the hint that cuts its sockets. A hint may be lost: where there are other nodes what is remembered is
/// read anew after a second and a half, otherwise once a minute in case the end was written by another program.</remarks>
internal sealed class Sessions(Database db, SessionStore store, TokenStore tokens, Announcer live, IBackplane backplane, TimeProvider clock)
{
    public static readonly TimeSpan Idle = TimeSpan.FromDays(14);
    public static readonly TimeSpan Absolute = TimeSpan.FromDays(90);
    static readonly TimeSpan TouchEvery = TimeSpan.FromHours(1);
    static readonly TimeSpan TrustedAlone = TimeSpan.FromMinutes(1);
    static readonly TimeSpan TrustedAmongOthers = TimeSpan.FromSeconds(1.5);
    const int Remembered = 100_000;

    readonly ConcurrentDictionary<string, Entry> _byHash = new();

    // Counts what ended, of all and of those people who share a place: what was read before its person's count moved is read anew.
    readonly long[] _endsOf = new long[4096];
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

    /// <summary>Ends the session that asks for it, for good, in the caller's unit of work.</summary>
    public async ValueTask EndAsync(Transaction tx, Caller caller)
    {
        await store.DeleteAsync(tx, caller.SessionId);
        tx.AfterCommit(() => Cut(caller.UserId, caller.SessionId));
    }

    /// <summary>Gives a session another secret in the caller's unit of work. Its sockets stay.</summary>
    /// <returns>The new secret; null: the session has ended.</returns>
    public async ValueTask<OpenedSession?> RenewAsync(Transaction tx, Caller caller)
    {
        var token = SessionToken.New();
        if (!await store.SetHashAsync(tx, caller.SessionId, SessionToken.Hash(token))) return null;
        tx.AfterCommit(() => Forget(caller.UserId));
        return new OpenedSession(caller.SessionId, token, clock.GetUtcNow() + Idle);
    }

    /// <summary>After the end of one session or token was committed: it opens nothing more, and its sockets close.</summary>
    public void Cut(long userId, long sessionId)
    {
        Forget(userId);
        live.EndSession(userId, sessionId);
    }

    /// <summary>Reads anew what is remembered of a person when it is next asked for. Call after the end was committed.</summary>
    public void Forget(long userId)
    {
        // In this order: whoever reads meanwhile sees the first too late to remember, or the second before it.
        Interlocked.Increment(ref _ends);
        Interlocked.Increment(ref EndsOf(userId));
    }

    async ValueTask<Entry?> FindAsync(string token, CancellationToken ct)
    {
        var bytes = SessionToken.Hash(token);
        var hash = Convert.ToHexString(bytes);
        var now = clock.GetUtcNow();
        if (!_byHash.TryGetValue(hash, out var entry) || !IsTrusted(entry, now))
        {
            var ends = Interlocked.Read(ref _ends);
            entry = SessionToken.CanBeAccess(token)
                ? await db.ReadAsync(session => tokens.FindAsync(session, bytes), ct) is { } access ? Entry.From(access, bytes, now) : null
                : await db.ReadAsync(session => store.FindAsync(session, bytes), ct) is { } row ? Entry.From(row, bytes, now) : null;
            entry = Remember(hash, entry, ends);
        }
        if (entry is null || now >= entry.EndsAt) return null;
        return now - entry.UsedAt < TouchEvery ? entry : await TouchAsync(hash, entry, now, ct);
    }

    bool IsTrusted(Entry entry, DateTimeOffset now) =>
        entry.Ends == Interlocked.Read(ref EndsOf(entry.Caller.UserId))
        && now - entry.ReadAt < (backplane.Hearing is Hearing.Alone ? TrustedAlone : TrustedAmongOthers);

    // A session that ended while its row was being read must not be remembered as if it had not.
    Entry? Remember(string hash, Entry? entry, long ends)
    {
        if (entry is null)
        {
            _byHash.TryRemove(hash, out _);
            return null;
        }
        if (_byHash.Count >= Remembered) _byHash.Clear();
        var remembered = entry with { Ends = Interlocked.Read(ref EndsOf(entry.Caller.UserId)) };
        if (Interlocked.Read(ref _ends) == ends) _byHash[hash] = remembered;
        else _byHash.TryRemove(hash, out _);
        return remembered;
    }

    ref long EndsOf(long userId) => ref _endsOf[(ulong)userId % (ulong)_endsOf.Length];

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
        /// <summary>How many ends of the person's were counted before it was read.</summary>
        public long Ends { get; init; }

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
