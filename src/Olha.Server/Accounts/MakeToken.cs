using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody makes an access token for a program of theirs.</summary>
internal sealed class MakeToken(Database db, AccountStore accounts, PeopleDirectory people, SessionStore sessions, TokenStore tokens, TimeProvider clock)
{
    /// <summary>Tokens that one person may have.</summary>
    public const int Most = 50;
    const int LongestName = 64;
    const int LongestDays = 3650;

    public async ValueTask<Outcome<NewToken>> RunAsync(Caller caller, NewTokenBody body, CancellationToken ct)
    {
        if (!PlainLine.TryRead(body.Name, LongestName, out var name)) return Refusal.InvalidName;
        if (body.Scopes is not { Count: > 0 } asked) return Refusal.InvalidScopes;
        if (body.ExpiresInDays is < 1 or > LongestDays) return Refusal.InvalidField;

        Scope[] scopes = [.. asked.Distinct().Order()];
        var secret = SessionToken.NewAccess();
        return await db.WriteAsync<Outcome<NewToken>>(async tx =>
        {
            // Under the person's lock: two that are made at once are both counted, and none comes after a change of the password that
            // has ended the session which asked.
            await accounts.AdvanceAsync(tx, caller.UserId, 0);
            var now = clock.GetStoredNow();
            await tokens.DeleteEndedAsync(tx, caller.UserId, now);
            var refusal = Authority.WhyNotActive(await people.FindAsync(tx, caller.UserId))
                ?? (await sessions.IsOpenAsync(tx, caller) ? null : Refusal.NoSession)
                ?? (await tokens.CountAsync(tx, caller.UserId) >= Most ? Refusal.TooManyTokens.With("limit", Most) : null);
            if (refusal is not null)
            {
                tx.Rollback();
                return refusal;
            }
            var expires = body.ExpiresInDays is { } days ? now + TimeSpan.FromDays(days) : (DateTimeOffset?)null;
            return new NewToken(secret, await tokens.AddAsync(tx, SessionToken.Hash(secret), caller.UserId, name, scopes, now, expires));
        }, ct);
    }
}
