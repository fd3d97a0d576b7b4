using Olha.Protocol;

namespace Olha.Server.Tests;

/// <summary>A server with its owner, and people of any role. One a test class.</summary>
public sealed class OwnedServer : IAsyncLifetime
{
    public ChatServer Server { get; } = new();

    /// <summary>Whoever was first.</summary>
    public Guest Owner { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Owner = await Server.SignUpAsync("owner");
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Somebody new of a role, signed in.</summary>
    public async Task<Guest> SomebodyAsync(Role role)
    {
        using var member = await Server.SignUpAsync(role.ToString().ToLowerInvariant());
        if (role == Role.Member) return new Guest(Server.Address, member.Me, member.Token!);
        await ChangeAsync(member, new AccountBody(role));
        return await SignInAsync(member);
    }

    /// <summary>The owner changes somebody.</summary>
    public Task<Account> ChangeAsync(Guest whom, AccountBody body) => Owner.PatchAsync<Account>($"/api/v1/admin/people/{whom.Id}", body);

    /// <summary>The same person with a session of their own.</summary>
    public async Task<Guest> SignInAsync(Guest who, string password = Guest.Password)
    {
        using var stranger = Server.Stranger();
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(who.Username, password, Bearer: true));
        return new Guest(Server.Address, answer.Me, answer.Token!);
    }

    /// <summary>The owner makes an invitation.</summary>
    public Task<NewInvitation> InviteAsync(NewInvitationBody? body = null) =>
        Owner.PostAsync<NewInvitation>("/api/v1/invitations", body ?? new NewInvitationBody(Role.Member));

    /// <summary>Somebody new comes by an invitation.</summary>
    public async Task<Guest> ComeByAsync(NewInvitation invitation, string like = "invited")
    {
        using var stranger = Server.Stranger();
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", Signing(invitation.Token, like));
        return new Guest(Server.Address, answer.Me, answer.Token!);
    }

    /// <summary>What somebody new sends who has a secret.</summary>
    public static SignUpBody Signing(string? token, string like = "invited") =>
        new(ChatServer.NewName(like), Guest.Password, Bearer: true, Invitation: token);

    /// <summary>The last administrative acts of a kind, the last first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(AuditAction action) =>
        [.. (await Owner.GetAsync<AuditList>("/api/v1/admin/audit")).Entries.Where(entry => entry.Action == action)];
}
