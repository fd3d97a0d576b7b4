using Olha.Protocol;

namespace Olha.Server.Tests.Permission;

/// <summary>Who tries: the columns of the matrix.</summary>
public enum Persona { Anonymous, Outsider, ExMember, GuestOutside, Guest, Member, Moderator, Admin, Owner, Banned, Disabled, ReadToken, WriteToken }

/// <summary>One room with somebody in it, and one persona, all of them new: whatever is tried spoils nothing for the next try.</summary>
internal sealed class Scene : IDisposable
{
    /// <summary>Who tries.</summary>
    public required Client Who { get; init; }
    public required long RoomId { get; init; }
    /// <summary>The other's message in the room.</summary>
    public required long Seq { get; init; }
    public required long WhoId { get; init; }
    public required Guest Creator { get; init; }
    /// <summary>The server's owner.</summary>
    public required Guest Top { get; init; }
    /// <summary>A member of the room to whom things are done.</summary>
    public required Guest Other { get; init; }

    /// <param name="server">The server, whose owner is <paramref name="owner"/>.</param>
    /// <param name="owner">The server's first account.</param>
    /// <param name="kind">Of the room.</param>
    /// <param name="persona">Who tries.</param>
    public static async Task<Scene> SetAsync(ChatServer server, Guest owner, RoomKind kind, Persona persona)
    {
        var creator = await server.SignUpAsync("creator");
        var other = await server.SignUpAsync("other");
        var room = await creator.CreateRoomAsync(kind);
        await creator.InviteAsync(room.RoomId, other);
        var who = await server.SignUpAsync("who");
        if (persona is not (Persona.Anonymous or Persona.Outsider or Persona.GuestOutside or Persona.Admin or Persona.Owner))
            await creator.InviteAsync(room.RoomId, who);
        await creator.SayAsync(room.RoomId, "a message");
        var seq = (await other.SayAsync(room.RoomId, "another")).Seq;
        if (persona is Persona.ExMember) await creator.RemoveAsync(room.RoomId, who);
        if (persona is Persona.Moderator) await creator.PutAsync<Member>($"/api/v1/rooms/{room.RoomId}/moderators/{who.Id}", null);
        return new Scene
        {
            Who = await TurnAsync(server, owner, who, persona), RoomId = room.RoomId, WhoId = who.Id, Creator = creator, Other = other,
            Seq = seq, Top = owner,
        };
    }

    public void Dispose()
    {
        Who.Dispose();
        Creator.Dispose();
        Other.Dispose();
    }

    static async Task<Client> TurnAsync(ChatServer server, Guest owner, Guest who, Persona persona)
    {
        switch (persona)
        {
            case Persona.Anonymous:
                return server.Stranger();
            case Persona.Guest or Persona.GuestOutside:
                return await WithRoleAsync(server, owner, who, Role.Guest);
            case Persona.Admin:
                return await WithRoleAsync(server, owner, who, Role.Admin);
            case Persona.Owner:
                return await WithRoleAsync(server, owner, who, Role.Owner);
            case Persona.Banned:
                await owner.PatchAsync<Account>($"/api/v1/admin/people/{who.Id}", new AccountBody(State: PersonState.Banned));
                return who;
            case Persona.Disabled:
                await owner.PatchAsync<Account>($"/api/v1/admin/people/{who.Id}", new AccountBody(State: PersonState.Disabled));
                return who;
            case Persona.ReadToken:
                return new Client(server.Address, await TokenAsync(who, Scope.Read));
            case Persona.WriteToken:
                return new Client(server.Address, await TokenAsync(who, Scope.Read, Scope.Write));
            default:
                return who;
        }
    }

    // Another role ends the sessions of before.
    static async Task<Client> WithRoleAsync(ChatServer server, Guest owner, Guest who, Role role)
    {
        await owner.PatchAsync<Account>($"/api/v1/admin/people/{who.Id}", new AccountBody(role));
        using var stranger = server.Stranger();
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(who.Username, Guest.Password, Bearer: true));
        return new Client(server.Address, answer.Token!);
    }

    static async Task<string> TokenAsync(Guest who, params Scope[] scopes) =>
        (await who.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("matrix", scopes))).Token;
}
