using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Admin;

/// <summary>Administrators find people, change what they may do, send them away and help them back in.</summary>
public sealed class PeopleAdministrationTests(OwnedServer owned) : IClassFixture<OwnedServer>
{
    const string People = "/api/v1/admin/people";

    ChatServer Server => owned.Server;
    Guest Owner => owned.Owner;

    /// <summary>What is tried on somebody, in order: a row of the table below.</summary>
    static readonly (string Method, string Path, string? Body)[] s_tries =
    [
        ("DELETE", "/sessions", null),
        ("POST", "/recovery", null),
        ("PATCH", "", """{"role":"{other}"}"""),
        ("PATCH", "", """{"role":"admin"}"""),
        ("PATCH", "", """{"state":"disabled"}"""),
        ("PATCH", "", """{"state":"active"}"""),
        ("PATCH", "", """{"state":"banned"}"""),
    ];

    [Theory]
    //                                          end sessions, recover, member<->guest, admin, disable, enable, ban
    [InlineData(Role.Owner, Role.Owner, "        204 201 200 200 200 200 200")]
    [InlineData(Role.Owner, Role.Admin, "        204 201 200 200 200 200 200")]
    [InlineData(Role.Owner, Role.Member, "       204 201 200 200 200 200 200")]
    [InlineData(Role.Owner, Role.Guest, "        204 201 200 200 200 200 200")]
    [InlineData(Role.Admin, Role.Owner, "        403 403 403 403 403 200 403")]
    [InlineData(Role.Admin, Role.Admin, "        403 403 403 200 403 200 403")]
    [InlineData(Role.Admin, Role.Member, "       204 201 200 403 200 200 200")]
    [InlineData(Role.Admin, Role.Guest, "        204 201 200 403 200 200 200")]
    [InlineData(Role.Member, Role.Owner, "       403 403 403 403 403 403 403")]
    [InlineData(Role.Member, Role.Admin, "       403 403 403 403 403 403 403")]
    [InlineData(Role.Member, Role.Member, "      403 403 403 403 403 403 403")]
    [InlineData(Role.Member, Role.Guest, "       403 403 403 403 403 403 403")]
    [InlineData(Role.Guest, Role.Owner, "        403 403 403 403 403 403 403")]
    [InlineData(Role.Guest, Role.Member, "       403 403 403 403 403 403 403")]
    [InlineData(Role.Guest, Role.Guest, "        403 403 403 403 403 403 403")]
    public async Task Each_may_do_what_they_may(Role who, Role whom, string expected)
    {
        using var actor = await owned.SomebodyAsync(who);
        using var target = await owned.SomebodyAsync(whom);
        var words = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < s_tries.Length; i++)
        {
            var (method, path, body) = s_tries[i];
            body = body?.Replace("{other}", whom == Role.Member ? "guest" : "member");
            using var answer = await actor.SendAsync(new HttpMethod(method), $"{People}/{target.Id}{path}", body);
            Assert.True(words[i] == $"{(int)answer.StatusCode}", $"{method} {path} {body}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "/1")]
    [InlineData("DELETE", "/1/sessions")]
    [InlineData("POST", "/1/recovery")]
    public async Task Nothing_is_told_to_strangers(string method, string path)
    {
        using var stranger = Server.Stranger();
        var body = method == "PATCH" ? "{}" : null;
        Assert.Equal("no_session", (await stranger.RefusedAsync(new HttpMethod(method), People + path, body)).Code);
    }

    [Theory]
    [InlineData("PATCH", "/999999", "{}", "not_found")]
    [InlineData("DELETE", "/999999/sessions", null, "not_found")]
    [InlineData("POST", "/999999/recovery", null, "not_found")]
    [InlineData("PATCH", "/{ana}", """{"state":"deleted"}""", "invalid_field")]
    [InlineData("PATCH", "/{ana}", """{"state":"asleep"}""", "invalid_field")]
    [InlineData("PATCH", "/{ana}", """{"role":"king"}""", "invalid_field")]
    [InlineData("PATCH", "/{ana}", """{"removeMessages":true}""", "invalid_field")]
    [InlineData("PATCH", "/{ana}", """{"state":"disabled","removeMessages":true}""", "invalid_field")]
    [InlineData("GET", "?role=king", null, "invalid_field")]
    [InlineData("GET", "?state=1", null, "invalid_field")]
    [InlineData("GET", "?query=%00", null, "invalid_field")]
    [InlineData("GET", "?after=x", null, "invalid_field")]
    public async Task What_makes_no_sense_is_refused(string method, string path, string? body, string code)
    {
        using var ana = await Server.SignUpAsync();
        Assert.Equal(code, (await Owner.RefusedAsync(new HttpMethod(method), People + path.Replace("{ana}", $"{ana.Id}"), body)).Code);
    }

    [Fact]
    public async Task People_are_found_by_what_their_names_hold_whatever_the_case()
    {
        using var joao = await Server.SignUpAsync("JOÃOZINHO");
        using var other = await Server.SignUpAsync("bia");
        await other.PatchAsync<Person>("/api/v1/me", new ProfileBody("Amiga do Joãozinho"));

        Assert.Equal([joao.Id, other.Id], (await FindAsync("query=%20joãozinHO")).Select(it => it.Person.Id));
        Assert.Equal([joao.Id], (await FindAsync($"query=joãozinho&after={joao.Id - 1}&role=member&state=active")).Select(it => it.Person.Id).Take(1));
        Assert.Equal([other.Id], (await FindAsync($"query=joãozinho&after={joao.Id}")).Select(it => it.Person.Id));
        Assert.Empty(await FindAsync("query=joãozinho&role=guest"));
        Assert.Empty(await FindAsync("query=%25"));
        var found = (await FindAsync($"query={joao.Username}")).Single();
        Assert.Equal((1, joao.Me.Rev, null), (found.Sessions, found.Person.Rev, found.InvitationId));
        Assert.InRange(DateTimeOffset.UtcNow - found.CreatedAt, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Everybody_is_listed_fifty_a_page_each_once()
    {
        for (var i = 0; i < 55; i++) (await Server.SignUpAsync("page")).Dispose();

        var everybody = (await Owner.GetAsync<PeopleList>("/api/v1/people")).People.Select(it => it.Id).Order();
        Assert.Equal(everybody, await WalkAsync(""));
        Assert.Equal(55, (await WalkAsync("page")).Count);

        async Task<List<long>> WalkAsync(string query)
        {
            List<long> ids = [];
            for (long? after = 0; after is { } last;)
            {
                var page = await Owner.GetAsync<AccountList>($"{People}?query={query}&after={last}");
                Assert.InRange(page.Accounts.Count, 1, 50);
                ids.AddRange(page.Accounts.Select(it => it.Person.Id));
                after = page.Next;
            }
            return ids;
        }
    }

    [Fact]
    public async Task Another_role_is_announced_and_needs_a_new_session()
    {
        using var ana = await Server.SignUpAsync();
        await using var ear = await Owner.ListenAsync();
        await using var hers = await ana.ListenAsync();

        var account = await owned.ChangeAsync(ana, new AccountBody(Role.Admin));

        Assert.Equal((Role.Admin, 0), (account.Person.Role, account.Sessions));
        Assert.Equal(account.Person, (await ear.NextAsync<PersonChange>(it => it.Person.Id == ana.Id)).Person);
        Assert.Equal(CloseCode.SessionEnded, await hers.ClosedAsync());
        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        using var again = await owned.SignInAsync(ana);
        await again.GetAsync<AccountList>(People);
        var entry = (await owned.AuditAsync(AuditAction.RoleChanged))[0];
        Assert.Equal((Owner.Id, ana.Id, "member", "admin"), (entry.ActorId, entry.UserId, entry.Details!["from"], entry.Details["to"]));
    }

    [Fact]
    public async Task What_already_is_changes_nothing()
    {
        using var ana = await Server.SignUpAsync();

        var account = await owned.ChangeAsync(ana, new AccountBody(Role.Member, PersonState.Active));

        Assert.Equal((ana.Me, 1), (account.Person, account.Sessions));
        await ana.GetAsync<Person>("/api/v1/me");
        Assert.DoesNotContain((await Owner.GetAsync<AuditList>("/api/v1/admin/audit")).Entries, it => it.UserId == ana.Id);
    }

    [Fact]
    public async Task A_guest_who_becomes_a_member_is_in_General_and_the_other_way_round()
    {
        using var guest = await owned.SomebodyAsync(Role.Guest);
        Assert.Empty((await guest.GetAsync<RoomList>("/api/v1/rooms")).Rooms);
        await using var ear = await Owner.ListenAsync();

        await owned.ChangeAsync(guest, new AccountBody(Role.Member));

        Assert.True((await ear.NextAsync<MemberChange>(it => it.Member.UserId == guest.Id)).Member.Joined);
        using var member = await owned.SignInAsync(guest);
        Assert.True(Assert.Single((await member.GetAsync<RoomList>("/api/v1/rooms")).Rooms).Room!.General);

        await owned.ChangeAsync(guest, new AccountBody(Role.Guest));

        Assert.False((await ear.NextAsync<MemberChange>(it => it.Member.UserId == guest.Id)).Member.Joined);
        var line = (await Owner.HistoryAsync(1))[^1];
        Assert.Equal((new SystemLine(SystemEvent.Removed, guest.Id, null), Owner.Id), (line.System, line.AuthorId));
    }

    [Theory]
    [InlineData(PersonState.Disabled, CloseCode.SessionEnded, "disabled", AuditAction.Disabled)]
    [InlineData(PersonState.Banned, CloseCode.Banned, "banned", AuditAction.Banned)]
    public async Task Every_door_is_shut_at_once_and_opened_again(PersonState state, CloseCode code, string refused, AuditAction act)
    {
        using var ana = await Server.SignUpAsync();
        await using var ear = await ana.ListenAsync();
        await using var others = await Owner.ListenAsync();

        var account = await owned.ChangeAsync(ana, new AccountBody(State: state));

        Assert.Equal((state, 0), (account.Person.State, account.Sessions));
        Assert.Equal(state, (await others.NextAsync<PersonChange>(it => it.Person.Id == ana.Id)).Person.State);
        Assert.Equal(code, await ear.ClosedAsync());
        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", new DraftBody("c", "olá"))).Code);
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(ana.ListenAsync);
        using var stranger = Server.Stranger();
        var right = new SignInBody(ana.Username, Guest.Password);
        Assert.Equal(refused, (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", right)).Code);
        Assert.Equal(refused, (await stranger.RefusedAsync(HttpMethod.Post, "/api/users/login", new OriginalCredentials(ana.Username, Guest.Password))).Code);
        Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", right with { Password = "another one" })).Code);
        Assert.Equal(refused, (await Owner.RefusedAsync(HttpMethod.Post, $"{People}/{ana.Id}/recovery")).Code);

        await owned.ChangeAsync(ana, new AccountBody(State: PersonState.Active));

        Assert.Equal("no_session", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        using var again = await owned.SignInAsync(ana);
        await again.SayAsync(1, "de volta");
        var entry = (await owned.AuditAsync(act)).Single(it => it.UserId == ana.Id);
        Assert.Equal(("active", refused), (entry.Details!["from"], entry.Details["to"]));
        Assert.Single(await owned.AuditAsync(AuditAction.Enabled), it => it.UserId == ana.Id && it.Details!["from"] == refused);
    }

    [Fact]
    public async Task A_ban_with_removal_leaves_nothing_of_what_was_said_and_one_without_leaves_all()
    {
        using var ana = await owned.Server.SignUpAsync();
        using var bruno = await owned.Server.SignUpAsync("bruno");
        var room = await owned.Owner.CreateRoomAsync();
        foreach (var guest in (Guest[])[ana, bruno])
        {
            await guest.JoinAsync(room.RoomId);
            for (var i = 0; i < 3; i++) await guest.SayAsync(room.RoomId, $"{guest.Username} {i}");
        }
        await using var ear = await owned.Owner.ListenAsync();

        await owned.ChangeAsync(bruno, new AccountBody(State: PersonState.Banned));
        await owned.ChangeAsync(ana, new AccountBody(State: PersonState.Banned, RemoveMessages: true));

        for (var i = 0; i < 3; i++) await ear.NextAsync<MessageChange>(it => it.Message.AuthorId == ana.Id && it.Message.DeletedAt is not null);
        var texts = (await owned.Owner.HistoryAsync(room.RoomId)).Where(it => it.Kind == MessageKind.Text).ToLookup(it => it.AuthorId);
        Assert.All(texts[ana.Id], it => Assert.Null(it.Body));
        Assert.Equal(["0", "1", "2"], texts[bruno.Id].Select(it => it.Body!.Split(' ')[1]));
    }

    [Fact]
    public async Task What_is_being_said_while_its_author_is_banned_is_stored_before_or_not_at_all()
    {
        using var ana = await Server.SignUpAsync();
        await using var ear = await ana.ListenAsync();
        var first = await ana.SayAsync(1, "before");
        for (var i = 0; i < 200; i++) await ear.SendAsync(new Post(1, $"banned-{i}", $"{i}"));

        await owned.ChangeAsync(ana, new AccountBody(State: PersonState.Banned));
        var last = await Owner.SayAsync(1, "after");

        Assert.Equal(CloseCode.Banned, await ear.ClosedAsync());
        var page = await Owner.GetAsync<MessagePage>($"/api/v1/rooms/1/messages?after={last.Seq}");
        Assert.DoesNotContain(page.Messages, message => message.AuthorId == ana.Id);
        Assert.True(first.Seq < last.Seq);
    }

    [Fact]
    public async Task Who_is_signed_out_by_an_administrator_can_sign_in_again()
    {
        using var ana = await Server.SignUpAsync();
        using var elsewhere = await owned.SignInAsync(ana);
        await using var ear = await elsewhere.ListenAsync();

        await Owner.DoneAsync(HttpMethod.Delete, $"{People}/{ana.Id}/sessions");

        Assert.Equal(CloseCode.SessionEnded, await ear.ClosedAsync());
        foreach (var session in new[] { ana, elsewhere }) Assert.Equal("no_session", (await session.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        using var again = await owned.SignInAsync(ana);
        Assert.Single(await owned.AuditAsync(AuditAction.SessionsEnded), it => it.UserId == ana.Id && it.Details!["count"] == "2");
    }

    [Fact]
    public async Task A_recovery_link_is_good_for_a_day()
    {
        using var ana = await Server.SignUpAsync();

        var link = await Owner.PostAsync<NewLink>($"{People}/{ana.Id}/recovery", null);

        Assert.Equal((LinkKind.Recovery, 43), (link.Kind, link.Token.Length));
        Assert.InRange(link.ExpiresAt - DateTimeOffset.UtcNow, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        Assert.Single(await owned.AuditAsync(AuditAction.RecoveryLinkMade), it => it.UserId == ana.Id && it.ActorId == Owner.Id);
        await ana.GetAsync<Person>("/api/v1/me"); // until it is used nothing has changed
    }

    async Task<IReadOnlyList<Account>> FindAsync(string query) => (await Owner.GetAsync<AccountList>($"{People}?{query}")).Accounts;
}

/// <summary>The server must have an owner.</summary>
public sealed class LastOwnerTests(OwnedServer owned) : IClassFixture<OwnedServer>
{
    [Theory]
    [InlineData("""{"role":"admin"}""", "last_owner")]
    [InlineData("""{"role":"guest"}""", "last_owner")]
    [InlineData("""{"state":"disabled"}""", "forbidden")]
    [InlineData("""{"state":"banned"}""", "forbidden")]
    public async Task The_last_one_stays(string body, string code)
    {
        var path = $"/api/v1/admin/people/{owned.Owner.Id}";
        using var disabled = await owned.SomebodyAsync(Role.Owner);
        await owned.ChangeAsync(disabled, new AccountBody(State: PersonState.Disabled));

        Assert.Equal(code, (await owned.Owner.RefusedAsync(HttpMethod.Patch, path, body)).Code);
        Assert.Equal(Role.Owner, (await owned.Owner.GetAsync<Person>("/api/v1/me")).Role);
    }

    [Fact]
    public async Task Of_two_who_demote_each_other_or_themselves_at_once_one_stays()
    {
        for (var round = 0; round < 10; round++)
        {
            await using var server = new OwnedServer();
            await server.InitializeAsync();
            using var second = await server.SomebodyAsync(Role.Owner);
            var (one, other) = round % 2 == 0 ? (second.Id, server.Owner.Id) : (server.Owner.Id, second.Id);

            var answers = await Task.WhenAll(
                server.Owner.SendAsync(HttpMethod.Patch, $"/api/v1/admin/people/{one}", new AccountBody(Role.Member)),
                second.SendAsync(HttpMethod.Patch, $"/api/v1/admin/people/{other}", new AccountBody(Role.Member)));

            Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
            Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
            foreach (var answer in answers) answer.Dispose();
        }
    }
}
