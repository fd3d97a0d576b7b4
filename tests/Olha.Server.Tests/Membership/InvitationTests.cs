using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

/// <summary>Invitations to the server.</summary>
public sealed class InvitationTests(OwnedServer owned) : IClassFixture<OwnedServer>
{
    const string Invitations = "/api/v1/invitations";
    const string Users = "/api/v1/users";

    [Fact]
    public async Task A_member_who_comes_by_one_is_in_General_and_in_its_rooms()
    {
        var open = await owned.Owner.CreateRoomAsync();
        var closed = await owned.Owner.CreateRoomAsync(RoomKind.Closed);

        using var ana = await owned.ComeByAsync(await owned.InviteAsync(new NewInvitationBody(Role.Member, [closed.RoomId, open.RoomId])));

        Assert.Equal(Role.Member, ana.Me.Role);
        var rooms = (await ana.GetAsync<RoomList>("/api/v1/rooms")).Rooms;
        Assert.Equal([1, open.RoomId, closed.RoomId], rooms.Select(place => place.RoomId));
        Assert.Equal(SystemEvent.Joined, (await ana.HistoryAsync(closed.RoomId))[^1].System!.Event);
    }

    [Fact]
    public async Task A_guest_who_comes_by_one_is_in_its_rooms_alone()
    {
        var room = await owned.Owner.CreateRoomAsync();

        using var guest = await owned.ComeByAsync(await owned.InviteAsync(new NewInvitationBody(Role.Guest, [room.RoomId])));

        Assert.Equal(Role.Guest, guest.Me.Role);
        Assert.Equal(room.RoomId, Assert.Single((await guest.GetAsync<RoomList>("/api/v1/rooms")).Rooms).RoomId);
        Assert.Equal("not_found", (await guest.RefusedAsync(HttpMethod.Get, "/api/v1/rooms/1")).Code);
    }

    [Fact]
    public async Task Who_came_by_which_is_known_to_administrators()
    {
        var made = await owned.InviteAsync(new NewInvitationBody(Role.Member, Note: " for friends "));
        using var ana = await owned.ComeByAsync(made);
        using var bruno = await owned.ComeByAsync(made);

        var all = (await owned.Owner.GetAsync<InvitationList>(Invitations)).Invitations;
        var one = all.Single(it => it.Id == made.Info.Id);
        Assert.Equal(all.Select(it => it.Id).OrderDescending(), all.Select(it => it.Id));
        Assert.Equal((2, "for friends", null, null), (one.Uses, one.Note, one.MaxUses, one.RevokedAt));
        Assert.Equal([ana.Id, bruno.Id], one.PeopleIds);
        var account = (await owned.Owner.GetAsync<AccountList>($"/api/v1/admin/people?query={ana.Username}")).Accounts.Single();
        Assert.Equal(made.Info.Id, account.InvitationId);
    }

    [Fact]
    public async Task It_says_what_it_offers_to_anybody_who_holds_it()
    {
        var room = await owned.Owner.CreateRoomAsync(RoomKind.Closed);
        var made = await owned.InviteAsync(new NewInvitationBody(Role.Guest, [1, room.RoomId], ExpiresInHours: 2));
        using var stranger = owned.Server.Stranger();

        var offer = await stranger.PostAsync<InvitationOffer>($"{Invitations}/look", new InvitationBody(made.Token));

        Assert.Equal(("Olha Mensagem", owned.Owner.Me.DisplayName, Role.Guest), (offer.ServerName, offer.InvitedBy, offer.Role));
        Assert.Equal([room.Room!.Name!], offer.RoomNames);
        Assert.Equal(made.Info.CreatedAt.AddHours(2), offer.ExpiresAt);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0")]
    public async Task What_is_no_secret_is_no_invitation(string? token)
    {
        using var stranger = owned.Server.Stranger();
        using var ana = await owned.Server.SignUpAsync();

        Assert.Equal("invalid_invitation", (await stranger.RefusedAsync(HttpMethod.Post, $"{Invitations}/look", new InvitationBody(token))).Code);
        Assert.Equal("invalid_invitation", (await ana.RefusedAsync(HttpMethod.Post, $"{Invitations}/accept", new InvitationBody(token))).Code);
        if (!string.IsNullOrEmpty(token))
            Assert.Equal("invalid_invitation", (await stranger.RefusedAsync(HttpMethod.Post, Users, OwnedServer.Signing(token))).Code);
    }

    [Fact]
    public async Task A_revoked_one_lets_nobody_in_and_stays_in_the_list()
    {
        var made = await owned.InviteAsync();
        using var ana = await owned.ComeByAsync(made);

        await owned.Owner.DoneAsync(HttpMethod.Delete, $"{Invitations}/{made.Info.Id}");
        await owned.Owner.DoneAsync(HttpMethod.Delete, $"{Invitations}/{made.Info.Id}");

        await IsInvalidAsync(made.Token);
        var one = (await owned.Owner.GetAsync<InvitationList>(Invitations)).Invitations.Single(it => it.Id == made.Info.Id);
        Assert.Equal([ana.Id], one.PeopleIds);
        Assert.NotNull(one.RevokedAt);
        Assert.Single(await owned.AuditAsync(AuditAction.InvitationRevoked), it => it.Details!["invitation"] == $"{made.Info.Id}");
        Assert.Single(await owned.AuditAsync(AuditAction.InvitationMade), it => it.Details!["invitation"] == $"{made.Info.Id}");
    }

    [Fact]
    public async Task Of_many_who_come_at_once_exactly_as_many_come_in_as_it_has_uses()
    {
        const int uses = 7;
        var room = await owned.Owner.CreateRoomAsync();
        var made = await owned.InviteAsync(new NewInvitationBody(Role.Guest, [room.RoomId], MaxUses: uses));
        using var stranger = owned.Server.Stranger();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => stranger.SendAsync(HttpMethod.Post, Users, OwnedServer.Signing(made.Token))));

        Assert.Equal(uses, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var answer in answers.Where(it => it.StatusCode != HttpStatusCode.Created))
            Assert.Equal("invalid_invitation", (await answer.ProblemAsync()).Code);
        var one = (await owned.Owner.GetAsync<InvitationList>(Invitations)).Invitations.Single(it => it.Id == made.Info.Id);
        Assert.Equal((uses, uses), ((int)one.Uses, one.PeopleIds.Count));
        Assert.Equal(uses + 1, (await owned.Owner.GetAsync<MemberList>($"/api/v1/rooms/{room.RoomId}/members")).Members.Count);
        await IsInvalidAsync(made.Token);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_sign_up_that_is_refused_for_its_name_costs_no_use()
    {
        var made = await owned.InviteAsync(new NewInvitationBody(Role.Member, MaxUses: 1));
        using var stranger = owned.Server.Stranger();

        var taken = new SignUpBody(owned.Owner.Username, Guest.Password, Invitation: made.Token);
        Assert.Equal("username_taken", (await stranger.RefusedAsync(HttpMethod.Post, Users, taken)).Code);

        using var ana = await owned.ComeByAsync(made);
    }

    [Fact]
    public async Task Who_has_an_account_comes_into_its_rooms_and_keeps_their_role()
    {
        var first = await owned.Owner.CreateRoomAsync();
        var second = await owned.Owner.CreateRoomAsync(RoomKind.Closed);
        using var guest = await owned.ComeByAsync(await owned.InviteAsync(new NewInvitationBody(Role.Guest, [first.RoomId])));
        await using var ear = await guest.ListenAsync();
        var made = await owned.InviteAsync(new NewInvitationBody(Role.Member, [first.RoomId, second.RoomId], MaxUses: 1));

        var rooms = await guest.PostAsync<RoomList>($"{Invitations}/accept", new InvitationBody(made.Token));
        var again = await guest.PostAsync<RoomList>($"{Invitations}/accept", new InvitationBody(made.Token));

        Assert.Equal([first.RoomId, second.RoomId], rooms.Rooms.Select(place => place.RoomId));
        Assert.Equal(rooms.Rooms.Select(place => place.Rev), again.Rooms.Select(place => place.Rev));
        Assert.Equal(second.RoomId, (await ear.NextAsync<PlaceChange>()).Place.RoomId);
        Assert.Equal(Role.Guest, (await guest.GetAsync<Person>("/api/v1/me")).Role);
        var one = (await owned.Owner.GetAsync<InvitationList>(Invitations)).Invitations.Single(it => it.Id == made.Info.Id);
        Assert.Equal((1, guest.Id), (one.Uses, one.PeopleIds.Single()));
        using var late = await owned.Server.SignUpAsync();
        Assert.Equal("invalid_invitation", (await late.RefusedAsync(HttpMethod.Post, $"{Invitations}/accept", new InvitationBody(made.Token))).Code);
    }

    [Fact]
    public async Task It_lets_nobody_in_twice()
    {
        var room = await owned.Owner.CreateRoomAsync(RoomKind.Closed);
        var made = await owned.InviteAsync(new NewInvitationBody(Role.Member, [room.RoomId]));
        using var ana = await owned.ComeByAsync(made);
        await owned.Owner.RemoveAsync(room.RoomId, ana);

        Assert.Empty((await ana.PostAsync<RoomList>($"{Invitations}/accept", new InvitationBody(made.Token))).Rooms);

        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{room.RoomId}")).Code);
    }

    [Fact]
    public async Task A_room_that_was_archived_since_is_left_out_and_a_guest_needs_one_that_is_left()
    {
        var room = await owned.Owner.CreateRoomAsync();
        var forGuests = await owned.InviteAsync(new NewInvitationBody(Role.Guest, [room.RoomId]));
        var forMembers = await owned.InviteAsync(new NewInvitationBody(Role.Member, [room.RoomId]));
        await owned.Owner.PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", new RoomPatchBody(Archived: true));
        using var stranger = owned.Server.Stranger();

        Assert.Equal("invalid_invitation", (await stranger.RefusedAsync(HttpMethod.Post, Users, OwnedServer.Signing(forGuests.Token))).Code);
        using var ana = await owned.ComeByAsync(forMembers);
        Assert.Equal(1, Assert.Single((await ana.GetAsync<RoomList>("/api/v1/rooms")).Rooms).RoomId);
    }

    [Theory]
    [InlineData("{}", "invalid_field")]
    [InlineData("""{"role":"admin"}""", "invalid_field")]
    [InlineData("""{"role":"owner"}""", "invalid_field")]
    [InlineData("""{"role":"guest"}""", "invalid_field")]
    [InlineData("""{"role":"guest","roomIds":[]}""", "invalid_field")]
    [InlineData("""{"role":"member","expiresInHours":0}""", "invalid_field")]
    [InlineData("""{"role":"member","expiresInHours":8761}""", "invalid_field")]
    [InlineData("""{"role":"member","maxUses":0}""", "invalid_field")]
    [InlineData("""{"role":"member","maxUses":100001}""", "invalid_field")]
    [InlineData("""{"role":"member","note":"two\nlines"}""", "invalid_field")]
    [InlineData("""{"role":"member","roomIds":[999999]}""", "not_found")]
    [InlineData("""{"role":"member","roomIds":[{archived}]}""", "archived")]
    [InlineData("""{"role":"member","roomIds":[{closed}]}""", "not_found")]
    [InlineData("""{"role":"member","roomIds":[{direct}]}""", "direct_stays")]
    public async Task What_cannot_be_offered_is_refused(string body, string code)
    {
        using var ana = await owned.Server.SignUpAsync();
        var closed = await ana.CreateRoomAsync(RoomKind.Closed);
        var archived = await owned.Owner.CreateRoomAsync();
        await owned.Owner.PatchAsync<Room>($"/api/v1/rooms/{archived.RoomId}", new RoomPatchBody(Archived: true));
        var direct = await owned.Owner.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([ana.Id]));
        body = body.Replace("{closed}", $"{closed.RoomId}").Replace("{archived}", $"{archived.RoomId}").Replace("{direct}", $"{direct.RoomId}");

        Assert.Equal(code, (await owned.Owner.RefusedAsync(HttpMethod.Post, Invitations, body)).Code);
    }

    [Fact]
    public async Task More_than_fifty_rooms_are_refused() => Assert.Equal("invalid_field", (await owned.Owner.RefusedAsync(
        HttpMethod.Post, Invitations, new NewInvitationBody(Role.Member, [.. Enumerable.Range(1, 51).Select(id => (long)id)]))).Code);

    [Theory]
    [InlineData(Role.Owner, true)]
    [InlineData(Role.Admin, true)]
    [InlineData(Role.Member, false)]
    [InlineData(Role.Guest, false)]
    public async Task Only_administrators_make_see_and_revoke_them(Role role, bool may)
    {
        using var who = await owned.SomebodyAsync(role);
        var made = await owned.InviteAsync();

        using var make = await who.SendAsync(HttpMethod.Post, Invitations, new NewInvitationBody(Role.Member));
        using var see = await who.SendAsync(HttpMethod.Get, Invitations);
        using var revoke = await who.SendAsync(HttpMethod.Delete, $"{Invitations}/{made.Info.Id}");
        using var nothing = await who.SendAsync(HttpMethod.Delete, $"{Invitations}/999999");

        Assert.Equal(
            may ? [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound]
                : Enumerable.Repeat(HttpStatusCode.Forbidden, 4),
            new[] { make, see, revoke, nothing }.Select(answer => answer.StatusCode));
    }

    [Theory]
    [InlineData("role", "member")]
    [InlineData("state", "banned")]
    [InlineData("state", "disabled")]
    public async Task They_end_when_who_made_them_may_not_administer_any_more(string what, string word)
    {
        using var admin = await owned.SomebodyAsync(Role.Admin);
        var made = await admin.PostAsync<NewInvitation>(Invitations, new NewInvitationBody(Role.Member));

        await owned.Owner.PatchAsync<Account>($"/api/v1/admin/people/{admin.Id}", $$"""{"{{what}}":"{{word}}"}""");

        await IsInvalidAsync(made.Token);
    }

    async Task IsInvalidAsync(string token)
    {
        using var stranger = owned.Server.Stranger();
        using var ana = await owned.Server.SignUpAsync();
        Assert.Equal("invalid_invitation", (await stranger.RefusedAsync(HttpMethod.Post, $"{Invitations}/look", new InvitationBody(token))).Code);
        Assert.Equal("invalid_invitation", (await stranger.RefusedAsync(HttpMethod.Post, Users, OwnedServer.Signing(token))).Code);
        Assert.Equal("invalid_invitation", (await ana.RefusedAsync(HttpMethod.Post, $"{Invitations}/accept", new InvitationBody(token))).Code);
    }
}

/// <summary>Invitations and what is set for the whole server.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task What_the_owner_sets_in_the_app_holds_at_once()
    {
        await using var server = await ChatServer.StartAsync(options => options);
        using var owner = await server.SignUpAsync();
        using var stranger = server.Stranger();
        var made = await owner.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member));
        await SetAsync(Registration.Invite);

        Assert.Equal(Registration.Invite, (await stranger.GetAsync<About>("/api/v1/about")).Registration);
        Assert.Equal("registration_closed", await TryAsync(null));
        Assert.Equal("registration_closed", await TryAsync(""));
        Assert.Equal("invalid_invitation", await TryAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        await stranger.PostAsync<SessionAnswer>("/api/v1/users", OwnedServer.Signing(made.Token));
        Assert.Equal("registration_closed", (await stranger.RefusedAsync(
            HttpMethod.Post, "/api/users", new OriginalCredentials(ChatServer.NewName(), Guest.Password))).Code);

        await SetAsync(Registration.Closed);
        Assert.Equal("registration_closed", await TryAsync(made.Token));
        Assert.Equal("registration_closed", await TryAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

        await SetAsync(Registration.Open);
        await stranger.PostAsync<SessionAnswer>("/api/v1/users", OwnedServer.Signing(null));
        Assert.Equal("invalid_invitation", await TryAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

        Task<ServerSettings> SetAsync(Registration registration) =>
            owner.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody(Registration: registration));
        async Task<string> TryAsync(string? token) =>
            (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/users", OwnedServer.Signing(token))).Code;
    }

    [Fact]
    [Trait(ChatServer.Inside, "puts the clock forward")]
    public async Task An_invitation_ends_when_its_time_is_over()
    {
        var clock = new SettableClock();
        await using var server = await ChatServer.StartAsync(options => options, clock);
        using var owner = await server.SignUpAsync();
        using var stranger = server.Stranger();
        var made = await owner.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member, ExpiresInHours: 1));

        clock.Forward(TimeSpan.FromMinutes(59));
        await stranger.PostAsync<SessionAnswer>("/api/v1/users", OwnedServer.Signing(made.Token));
        clock.Forward(TimeSpan.FromMinutes(2));

        Assert.Equal("invalid_invitation", (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/users", OwnedServer.Signing(made.Token))).Code);
        Assert.Equal("invalid_invitation", (await owner.RefusedAsync(
            HttpMethod.Post, "/api/v1/invitations/accept", new InvitationBody(made.Token))).Code);
    }

    [Fact]
    public async Task One_address_may_look_only_so_often()
    {
        await using var server = await ChatServer.StartAsync(options => options with { LoginsPerMinute = 1 });
        using var stranger = server.Stranger();

        for (var i = 0; i < 6; i++)
            Assert.Equal("invalid_invitation", (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/invitations/look", "{}")).Code);

        Assert.Equal("too_fast", (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/invitations/look", "{}")).Code);
    }

    [Fact]
    [Trait(ChatServer.Inside, "reads rows")]
    public async Task The_database_does_not_hold_the_secret()
    {
        await using var server = await ChatServer.StartAsync(options => options);
        using var owner = await server.SignUpAsync();
        var made = await owner.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member));

        var hash = await server.Get<Storage.Database>().ReadAsync(
            session => session.ScalarAsync<byte[]>("SELECT token_hash FROM invitations"), TestContext.Current.CancellationToken);

        Assert.Equal(43, made.Token.Length);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(made.Token)), hash);
    }
}
