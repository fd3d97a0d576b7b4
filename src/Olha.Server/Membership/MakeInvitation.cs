using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>An administrator makes an invitation to the server.</summary>
internal sealed class MakeInvitation(
    Database db, AccountStore accounts, PeopleDirectory people, RoomStore rooms, StandingStore standings, InvitationStore invitations,
    AuditStore audit, TimeProvider clock)
{
    const int MostRooms = 50;
    const int LongestNote = 100;
    const int LongestHours = 8760;
    const int MostUses = 100_000;

    public async ValueTask<Outcome<NewInvitation>> RunAsync(Caller caller, NewInvitationBody body, CancellationToken ct)
    {
        if (!Read(caller, body).TryGet(out var wanted, out var refusal)) return refusal;

        return await db.WriteAsync<Outcome<NewInvitation>>(async tx =>
        {
            foreach (var roomId in wanted.RoomIds) await rooms.AdvanceAsync(tx, roomId, 0, 0);
            await accounts.AdvanceAsync(tx, caller.UserId, 0);
            if (await WhyNotAsync(tx, caller, wanted) is { } not)
            {
                tx.Rollback();
                return not;
            }

            var token = SessionToken.New();
            var made = await invitations.AddAsync(tx, wanted, token);
            await audit.AddAsync(tx, caller.UserId, AuditAction.InvitationMade, details: new Dictionary<string, string>
            {
                ["invitation"] = made.Id.ToString(CultureInfo.InvariantCulture), ["to"] = Roles.Word(made.Role),
            });
            return new NewInvitation(token, made.ToInfo([]));
        }, ct);
    }

    Outcome<Invitation> Read(Caller caller, NewInvitationBody body)
    {
        string? note = null;
        IReadOnlyList<long> roomIds = [.. (body.RoomIds ?? []).Distinct().Order()];
        if (body.Role is not (Role.Member or Role.Guest) || roomIds.Count > MostRooms || (body.Role == Role.Guest && roomIds.Count == 0)
            || body.ExpiresInHours is < 1 or > LongestHours || body.MaxUses is < 1 or > MostUses
            || (!string.IsNullOrWhiteSpace(body.Note) && !PlainLine.TryRead(body.Note, LongestNote, out note))) return Refusal.InvalidField;

        var now = clock.GetStoredNow();
        var expires = body.ExpiresInHours is { } hours ? now.AddHours(hours) : (DateTimeOffset?)null;
        return new Invitation(0, caller.UserId, body.Role.Value, note, now, expires, body.MaxUses, 0, null, roomIds);
    }

    async ValueTask<Refusal?> WhyNotAsync(Transaction tx, Caller caller, Invitation wanted)
    {
        if (Authority.WhyNotAdminister(await people.FindAsync(tx, caller.UserId)) is { } refusal) return refusal;
        foreach (var roomId in wanted.RoomIds)
            if ((await standings.StandingOf(tx, caller.UserId, roomId)).WhyNotOffer() is { } not) return not;
        return null;
    }
}
