using System.Net;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Tests.Membership;

public sealed class DeleteAccountTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Me = "/api/v1/me";

    [Fact]
    public async Task Nobody_has_the_account_any_more_and_nothing_is_left_of_who_it_was()
    {
        await server.SomebodyAsync(); // the owner
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await ana.PatchAsync<Person>(Me, new ProfileBody("Ana Terra", "aqui", "ela", "Europe/Lisbon"));
        var token = await ana.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read]));
        var link = await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);
        await using var own = await ana.ListenAsync();
        await using var bots = await Ear.OpenAsync(server.Address, token.Token);
        await using var ear = await bruno.ListenAsync();

        await ana.DoneAsync(HttpMethod.Delete, Me, new DeleteAccountBody(Guest.Password));

        var nobody = (await ear.NextAsync<PersonChange>(it => it.Person.Id == ana.Id)).Person;
        Assert.Equal(
            new Person(ana.Id, $"deleted-{ana.Id}", "Deleted user", ana.Me.Color, Role.Guest, nobody.Rev, State: PersonState.Deleted), nobody);
        Assert.Contains(nobody, (await bruno.GetAsync<PeopleList>("/api/v1/people")).People);
        Assert.Equal((CloseCode.SessionEnded, CloseCode.SessionEnded), (await own.ClosedAsync(), await bots.ClosedAsync()));
        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Get, Me)).Code);
        using var bot = new Client(server.Address, token.Token);
        Assert.Equal("no_session", (await bot.RefusedAsync(HttpMethod.Get, Me)).Code);
        Assert.Equal("invalid_link", (await bot.RefusedAsync(HttpMethod.Post, "/api/v1/links/use", new UseLinkBody(link.Token))).Code);
        foreach (var name in (string[])[ana.Username, nobody.Username])
            Assert.Equal("wrong_credentials", (await bot.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(name, Guest.Password))).Code);
    }

    [Fact]
    public async Task Their_invitations_end_with_them()
    {
        await using var own = new ChatServer();
        await own.InitializeAsync();
        using var owner = await own.SignUpAsync("owner");
        using var other = await own.SignUpAsync("other");
        await owner.PatchAsync<Account>($"/api/v1/admin/people/{other.Id}", new AccountBody(Role.Owner));
        var invitation = await owner.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member));

        await owner.DoneAsync(HttpMethod.Delete, Me, new DeleteAccountBody(Guest.Password));

        using var stranger = own.Stranger();
        var problem = await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/invitations/look", new InvitationBody(invitation.Token));
        Assert.Equal("invalid_invitation", problem.Code);
    }

    [Fact]
    public async Task They_are_in_no_room_but_the_direct_ones_and_what_they_said_stays()
    {
        await server.SomebodyAsync();
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        var open = await bruno.CreateRoomAsync();
        await ana.JoinAsync(open.RoomId);
        var closed = await ana.CreateRoomAsync(RoomKind.Closed);
        await ana.InviteAsync(closed.RoomId, bruno);
        var direct = await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([bruno.Id]));
        var said = await ana.SayAsync(open.RoomId, "adeus");
        await using var ear = await bruno.ListenAsync();
        var general = (await bruno.GetAsync<RoomList>("/api/v1/rooms")).Rooms.Single(place => place.Room!.General).RoomId;

        await ana.DoneAsync(HttpMethod.Delete, Me, new DeleteAccountBody(Guest.Password));

        foreach (var roomId in (long[])[general, open.RoomId, closed.RoomId])
        {
            await ear.NextAsync<MemberChange>(it => it.RoomId == roomId && it.Member.UserId == ana.Id && !it.Member.Joined);
            Assert.DoesNotContain((await bruno.GetAsync<MemberList>($"/api/v1/rooms/{roomId}/members")).Members, it => it.UserId == ana.Id);
        }
        Assert.Contains((await bruno.GetAsync<MemberList>($"/api/v1/rooms/{direct.RoomId}/members")).Members, it => it.UserId == ana.Id);
        var message = await bruno.MessageAsync(open.RoomId, said.Seq);
        Assert.Equal(("adeus", ana.Id), (message.Body, message.AuthorId));
        Assert.Equal("not_found", (await bruno.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{open.RoomId}/members/{ana.Id}")).Code);
        Assert.Equal("invalid_people", (await bruno.RefusedAsync(HttpMethod.Post, "/api/v1/rooms/direct", new DirectRoomBody([ana.Id, (await server.SomebodyAsync()).Id]))).Code);
    }

    [Fact]
    public async Task All_messages_become_tombstones_when_that_is_wanted()
    {
        var owner = await server.SomebodyAsync();
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        var rooms = new[] { await bruno.CreateRoomAsync(), await bruno.CreateRoomAsync(RoomKind.Closed) };
        foreach (var room in rooms) await bruno.InviteAsync(room.RoomId, ana);
        var left = await bruno.CreateRoomAsync();
        await ana.JoinAsync(left.RoomId);
        var places = new List<long>();
        for (var i = 0; i < 230; i++) places.Add((await ana.SayAsync(rooms[0].RoomId, $"first {i} @{bruno.Username}")).Seq);
        await ana.EditAsync(rooms[0].RoomId, places[0], "other words");
        var kept = await bruno.AnswerAsync(rooms[0].RoomId, places[^1], "an answer");
        var second = await ana.SayAsync(rooms[1].RoomId, "second");
        var third = await ana.SayAsync(left.RoomId, "third");
        await ana.LeaveAsync(left.RoomId);
        await using var ear = await bruno.ListenAsync();
        var revs = (await bruno.PlaceAsync(rooms[0].RoomId)).Head;

        await ana.DoneAsync(HttpMethod.Delete, Me, new DeleteAccountBody(Guest.Password, RemoveMessages: true));

        var empty = new HashSet<long>();
        var heard = new List<long>();
        while (empty.Count < places.Count)
        {
            var change = await ear.NextAsync<MessageChange>(it => it.RoomId == rooms[0].RoomId && it.Message.DeletedAt is not null);
            Assert.Equal((null, ana.Id), (change.Message.Body, change.Message.AuthorId));
            empty.Add(change.Message.Seq);
            heard.Add(change.Rev);
        }
        Assert.Equal(places.Order(), empty.Order());
        Assert.Equal(Enumerable.Range(1, heard.Count).Select(i => revs + 2 + i), heard); // after the leave's two, without a gap
        await ear.NextAsync<MessageChange>(it => it.RoomId == left.RoomId && it.Message.DeletedAt is not null);
        Assert.Null((await bruno.MessageAsync(rooms[1].RoomId, second.Seq)).Body);
        Assert.Null((await bruno.MessageAsync(left.RoomId, third.Seq)).Body);
        Assert.Equal("an answer", (await bruno.MessageAsync(rooms[0].RoomId, kept.Seq)).Body);
        Assert.Empty((await bruno.GetAsync<FormerBodies>($"/api/v1/rooms/{rooms[0].RoomId}/messages/{places[0]}/edits")).Bodies);
        Assert.Empty((await bruno.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages);
        Assert.Equal(0, (await bruno.PlaceAsync(rooms[0].RoomId)).Unread);

        // Written by a unit of work of its own, right after the last message went.
        var log = (await owner.GetAsync<AuditList>("/api/v1/admin/audit")).Entries.Where(it => it.UserId == ana.Id).ToList();
        while (log.Count < 2) log = [.. (await owner.GetAsync<AuditList>("/api/v1/admin/audit")).Entries.Where(it => it.UserId == ana.Id)];
        Assert.Equal([AuditAction.MessagesRemoved, AuditAction.AccountDeleted], log.Select(it => it.Action));
        Assert.Equal(("232", ana.Id), (log[0].Details!["count"], log[0].ActorId));
    }

    [Theory]
    [InlineData(null, 400, "invalid_field")]
    [InlineData("", 400, "invalid_field")]
    [InlineData("not her password", 401, "wrong_credentials")]
    public async Task Without_the_password_nothing_happens(string? password, int status, string code)
    {
        await server.SomebodyAsync();
        using var ana = await server.SignUpAsync();
        var problem = await ana.RefusedAsync(HttpMethod.Delete, Me, new DeleteAccountBody(password));
        Assert.Equal((status, code), (problem.Status, problem.Code));
        Assert.Equal(ana.Me, await ana.GetAsync<Person>(Me));
    }

    [Fact]
    public async Task The_last_owner_stays()
    {
        var owner = await server.SomebodyAsync();
        var problem = await owner.RefusedAsync(HttpMethod.Delete, Me, new DeleteAccountBody(Guest.Password));
        Assert.Equal((403, "last_owner"), (problem.Status, problem.Code));
        await owner.GetAsync<Person>(Me);
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows")]
    public async Task Of_two_owners_who_go_at_once_one_stays()
    {
        await using var own = await ChatServer.StartAsync(options => options);
        using var first = await own.SignUpAsync();
        using var second = await own.SignUpAsync();
        await own.Get<Database>().WriteAsync(
            async tx => await tx.ExecuteAsync("UPDATE users SET role = 'owner' WHERE id = @id", ("@id", second.Id)), TestContext.Current.CancellationToken);

        var answers = await Task.WhenAll(new[] { first, second }.Select(it => it.SendAsync(HttpMethod.Delete, Me, new DeleteAccountBody(Guest.Password))));

        Assert.Single(answers, it => it.StatusCode == HttpStatusCode.NoContent);
        Assert.Single(answers, it => it.StatusCode == HttpStatusCode.Forbidden);
        foreach (var answer in answers) answer.Dispose();
    }

    [Theory]
    [InlineData("deleted-1")]
    [InlineData("Deleted-me")]
    public async Task Nobody_can_be_called_as_those_who_are_gone(string name)
    {
        using var stranger = server.Stranger();
        Assert.Equal("invalid_username", (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody(name, Guest.Password))).Code);
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows")]
    public async Task An_older_account_of_that_name_keeps_it()
    {
        await server.SomebodyAsync();
        using var older = await server.SignUpAsync();
        using var ana = await server.SignUpAsync();
        await server.Get<Database>().WriteAsync(async tx => await tx.ExecuteAsync(
            "UPDATE users SET username = @name, name_key = @name WHERE id = @id", ("@name", UserName.OfDeleted(ana.Id)), ("@id", older.Id)),
            TestContext.Current.CancellationToken);

        await ana.DoneAsync(HttpMethod.Delete, Me, new DeleteAccountBody(Guest.Password));

        Assert.Equal(
            $"deleted-{ana.Id}-", (await older.GetAsync<PeopleList>("/api/v1/people")).People.Single(it => it.Id == ana.Id).Username);
    }
}
