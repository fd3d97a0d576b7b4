using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody makes an account, and is in General and in the rooms of the invitation that they came by; a guest in these alone.
/// The first one owns the server.</summary>
internal sealed class SignUp(
    Database db, AccountStore accounts, ServerStore server, RoomStore rooms, InvitationStore invitations, InvitationRooms invited,
    Passwords passwords, Sessions sessions, AddressLimits limits, Announcer live, TimeProvider clock)
{
    const int LongestName = 64;

    /// <param name="username">See <see cref="UserName.MayBeTaken"/>.</param>
    /// <param name="password">See <see cref="Passwords.WhyNotSet"/>.</param>
    /// <param name="displayName">Null: the user name.</param>
    /// <param name="token">The secret of an invitation; null: none.</param>
    /// <param name="visitor">Where it was asked.</param>
    /// <param name="ct">Gives up waiting to begin.</param>
    public async ValueTask<Outcome<SignedIn>> RunAsync(
        string? username, string? password, string? displayName, string? token, Visitor visitor, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(username) || !UserName.MayBeTaken(username)) return Refusal.InvalidUsername;
        if (Passwords.WhyNotSet(password, username, displayName ?? username) is { } unsound) return unsound;
        if (!PlainLine.TryRead(displayName ?? username, LongestName, out var shown)) return Refusal.InvalidName;
        if (limits.WhyNotSignUp(visitor.Address) is { } tooFast) return tooFast;

        // Asked again below, under the lock; here it saves a quarter of a second of hashing.
        var looked = await db.ReadAsync(session => LookAsync(session, username, token), ct);
        if (!looked.TryGetOrNull(out var invitation, out var refusal)) return refusal;
        if (!(await passwords.HashAsync(password!, ct)).TryGet(out var hash, out var busy)) return busy;
        return await db.WriteAsync(tx => StoreAsync(tx, new NewAccount(username, shown, hash, Role.Member), invitation, visitor), ct);
    }

    async ValueTask<Outcome<Invitation?>> LookAsync(Session session, string username, string? token)
    {
        var invitation = await invitations.FindAsync(session, token) is { IsSpent: false } held ? held : null;
        // Where nobody comes in, another invitation would not help either.
        if (invitation is null && !string.IsNullOrEmpty(token) && await RegistrationAsync(session) != Registration.Closed)
            return Refusal.InvalidInvitation;
        return await WhyNotAsync(session, username, invitation) is { } refusal ? refusal : invitation;
    }

    async ValueTask<Outcome<SignedIn>> StoreAsync(Transaction tx, NewAccount account, Invitation? invitation, Visitor visitor)
    {
        if (invitation is not null) account = account with { Role = invitation.Role, InvitationId = invitation.Id };
        IEnumerable<long> everybodys = account.Role == Role.Guest ? [] : [await rooms.GeneralAsync(tx)];
        var homes = await invited.LockAsync(tx, everybodys.Concat(invitation?.RoomIds ?? []));
        var rev = await server.AdvanceAsync(tx, 1);
        var refusal = await WhyNotAsync(tx, account.Username, invitation)
            // A guest whose rooms are all gone would be nowhere.
            ?? (homes.Count == 0 || (invitation is not null && !await invitations.TakeAsync(tx, invitation.Id)) ? Refusal.InvalidInvitation : null);
        if (refusal is not null)
        {
            tx.Rollback();
            return refusal;
        }

        if (!await accounts.AnyAsync(tx)) account = account with { Role = Role.Owner };
        var me = await accounts.AddAsync(tx, account, rev, clock.GetStoredNow());
        if (invitation is not null) await invitations.AddUseAsync(tx, invitation.Id, me.Id);
        tx.AfterCommit(() => live.Announce(Topics.Server, new PersonChange(rev, me)));
        await invited.ComeAsync(tx, homes, me.Id);
        return new SignedIn(me, await sessions.OpenAsync(tx, me.Id, visitor));
    }

    // An empty server takes its owner whatever is configured.
    async ValueTask<Refusal?> WhyNotAsync(Session session, string username, Invitation? invitation) =>
        await RegistrationAsync(session) switch
        {
            Registration.Open => false,
            Registration.Invite => invitation is null,
            _ => true,
        } && await accounts.AnyAsync(session) ? Refusal.RegistrationClosed
        : await accounts.IsTakenAsync(session, username) ? Refusal.UsernameTaken
        : null;

    async ValueTask<Registration> RegistrationAsync(Session session) => server.SettingsOf(await server.FindAsync(session)).Registration;
}
