using Olha.Protocol;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody comes in by a link, which works once; one for recovery gives the account a new password and ends every other way
/// in. What never was a link, what was used and what ended are told the same.</summary>
internal sealed class UseLink(
    Database db, AccountStore accounts, PeopleDirectory people, Passwords passwords, Sessions sessions, Links links, EndAccess endAccess,
    AuditStore audit, AddressLimits limits)
{
    /// <summary>Whose link it is and what for, without using it.</summary>
    public async ValueTask<Outcome<LinkInfo>> LookAsync(string? token, Visitor visitor, CancellationToken ct) =>
        (await FindAsync(token, visitor, ct)).TryGet(out var link, out var refusal) ? link.Info : refusal;

    public async ValueTask<Outcome<SignedIn>> RunAsync(UseLinkBody body, Visitor visitor, CancellationToken ct)
    {
        if (!(await FindAsync(body.Token, visitor, ct)).TryGet(out var link, out var refusal)) return refusal;
        string? hash = null;
        if (link.Info.Kind == LinkKind.Recovery)
        {
            if (Passwords.WhyNotSet(body.Password, link.Info.Username) is { } unsound) return unsound;
            // Hashed before the unit of work begins: nothing slow runs inside one.
            if (!(await passwords.HashAsync(body.Password!, ct)).TryGet(out hash, out var busy)) return busy;
        }
        return await db.WriteAsync(tx => EnterAsync(tx, body.Token!, link.UserId, hash, visitor), ct);
    }

    async ValueTask<Outcome<OpenLink>> FindAsync(string? token, Visitor visitor, CancellationToken ct)
    {
        if (limits.WhyNotSignIn(visitor.Address) is { } tooFast) return tooFast;
        if (token is null || !SessionToken.CanBeOne(token)) return Refusal.InvalidLink;
        return await db.ReadAsync(session => links.FindAsync(session, token), ct) is { } link ? link : Refusal.InvalidLink;
    }

    async ValueTask<Outcome<SignedIn>> EnterAsync(Transaction tx, string token, long userId, string? hash, Visitor visitor)
    {
        await accounts.AdvanceAsync(tx, userId, 0); // people are locked before what is theirs
        var me = await people.FindAsync(tx, userId);
        if (Authority.WhyNotActive(me) is not null || await links.TakeAsync(tx, token) is null)
        {
            tx.Rollback();
            return Refusal.InvalidLink;
        }
        if (hash is not null)
        {
            await accounts.SetPasswordAsync(tx, userId, (await accounts.PasswordHashOfAsync(tx, userId))!, hash);
            await endAccess.RunAsync(tx, userId);
            await audit.AddAsync(tx, userId, AuditAction.PasswordReset, userId);
        }
        return new SignedIn(me!, await sessions.OpenAsync(tx, userId, visitor));
    }
}
