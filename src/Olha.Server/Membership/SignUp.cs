using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody makes an account, and is in General. The first one owns the server.</summary>
internal sealed class SignUp(
    Database db, AccountStore accounts, ServerStore server, RoomStore rooms, Comings comings, Passwords passwords, Sessions sessions,
    AddressLimits limits, Announcer live, TimeProvider clock)
{
    const int LongestName = 64;

    public async ValueTask<Outcome<SignedIn>> RunAsync(
        string? username, string? password, string? displayName, Visitor visitor, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(username) || !UserName.MayBeTaken(username)) return Refusal.InvalidUsername;
        if (password is null || !Passwords.MayBeSet(password)) return Refusal.InvalidPassword;
        if (!PlainLine.TryRead(displayName ?? username, LongestName, out var shown)) return Refusal.InvalidName;
        if (limits.WhyNotSignUp(visitor.Address) is { } tooFast) return tooFast;

        // Asked again below, under the lock; here it saves a quarter of a second of hashing.
        if (await db.ReadAsync(session => WhyNotAsync(session, username), ct) is { } refusal) return refusal;
        if (!(await passwords.HashAsync(password, ct)).TryGet(out var hash, out var busy)) return busy;
        return await db.WriteAsync(tx => StoreAsync(tx, username, shown, hash, visitor), ct);
    }

    async ValueTask<Outcome<SignedIn>> StoreAsync(Transaction tx, string username, string displayName, string hash, Visitor visitor)
    {
        var general = (await rooms.AdvanceAsync(tx, await rooms.GeneralAsync(tx), Comings.Revs, Comings.Seqs))!;
        var rev = await server.AdvanceAsync(tx, 1);
        if (await WhyNotAsync(tx, username) is { } refusal)
        {
            tx.Rollback();
            return refusal;
        }

        var role = await accounts.AnyAsync(tx) ? Role.Member : Role.Owner;
        var me = await accounts.AddAsync(tx, new NewAccount(username, displayName, hash, role), rev, clock.GetStoredNow());
        tx.AfterCommit(() => live.Announce(Topics.Server, new PersonChange(rev, me)));
        await comings.ComeAsync(tx, general, me.Id, me.Id, SystemEvent.Joined);
        return new SignedIn(me, await sessions.OpenAsync(tx, me.Id, visitor));
    }

    // An empty server takes its owner whatever is configured.
    async ValueTask<Refusal?> WhyNotAsync(Session session, string username) =>
        server.SettingsOf(await server.FindAsync(session)).Registration != Registration.Open && await accounts.AnyAsync(session) ? Refusal.RegistrationClosed
        : await accounts.IsTakenAsync(session, username) ? Refusal.UsernameTaken
        : null;
}
