using Olha.Protocol;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody takes another password: every other way in ends, and the session that asks goes on with a new secret.</summary>
internal sealed class ChangePassword(
    Database db, AccountStore accounts, PeopleDirectory people, Passwords passwords, ProvePassword prove, Sessions sessions, EndAccess endAccess)
{
    public async ValueTask<Outcome<SignedIn>> RunAsync(Caller caller, PasswordBody body, Visitor visitor, CancellationToken ct)
    {
        if (Passwords.WhyNotSet(body.Password, caller.Username) is { } unsound) return unsound;
        if (!(await prove.RunAsync(caller, body.Current, visitor, ct)).TryGet(out var old, out var unproved)) return unproved;
        if (!(await passwords.HashAsync(body.Password!, ct)).TryGet(out var hash, out var busy)) return busy;

        return await db.WriteAsync<Outcome<SignedIn>>(async tx =>
        {
            // Another one may have been faster: with another password, or by ending this session.
            var changed = await accounts.SetPasswordAsync(tx, caller.UserId, old, hash);
            var renewed = changed ? await sessions.RenewAsync(tx, caller) : null;
            var me = await people.FindAsync(tx, caller.UserId);
            var refusal = !changed ? Refusal.WrongCredentials : renewed is null ? Refusal.NoSession : Authority.WhyNotActive(me);
            if (refusal is not null)
            {
                tx.Rollback();
                return refusal;
            }
            await endAccess.RunAsync(tx, caller.UserId, caller.SessionId);
            return new SignedIn(me!, renewed!);
        }, ct);
    }
}
