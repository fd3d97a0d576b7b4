using System.Net;
using Microsoft.Net.Http.Headers;
using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

public sealed class SignUpTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Users = "/api/v1/users";

    [Fact]
    public async Task A_new_account_is_signed_in_by_a_cookie_that_no_script_can_read()
    {
        using var stranger = server.Stranger();
        var name = ChatServer.NewName("joão");

        using var response = await stranger.SendAsync(HttpMethod.Post, Users, new SignUpBody(name, "8 signs!", "  João da Silva "));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var cookie = SetCookieHeaderValue.Parse(Assert.Single(response.Headers.GetValues("Set-Cookie")));
        Assert.Equal("olha_session", cookie.Name.ToString());
        Assert.Equal((true, false, "/"), (cookie.HttpOnly, cookie.Secure, cookie.Path));
        Assert.Equal(SameSiteMode.Lax, cookie.SameSite);
        Assert.Equal(43, cookie.Value.Length);

        using var me = await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Cookie", $"olha_session={cookie.Value}"));
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        var text = await me.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"\"username\":\"{name}\"", text, StringComparison.Ordinal); // ã as ã
        Assert.Contains("\"displayName\":\"João da Silva\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_a_bearer_token_instead_of_a_cookie()
    {
        using var stranger = server.Stranger();

        using var response = await stranger.SendAsync(
            HttpMethod.Post, Users, new SignUpBody(ChatServer.NewName(), Guest.Password, Bearer: true));

        Assert.False(response.Headers.Contains("Set-Cookie"));
        using var guest = await server.SignUpAsync();
        Assert.Equal(guest.Id, (await guest.GetAsync<Person>("/api/v1/me")).Id);
    }

    [Fact]
    public async Task Everybody_is_in_General_and_a_line_tells_it()
    {
        using var ana = await server.SignUpAsync();

        var general = (await ana.GetAsync<RoomList>("/api/v1/rooms")).Rooms.Single(place => place.Room!.General);
        Assert.Equal((true, 0L, general.LastSeq), (general.Joined, general.Unread, general.Mark));
        var line = (await ana.HistoryAsync(general.RoomId)).Last(message => message.AuthorId == ana.Id);
        Assert.Equal(new SystemLine(SystemEvent.Joined, ana.Id, null), line.System);
    }

    [Fact]
    public async Task Others_hear_of_a_newcomer()
    {
        using var ana = await server.SignUpAsync();
        await using var ear = await ana.ListenAsync();

        using var bruno = await server.SignUpAsync("bruno");

        Assert.Equal(bruno.Me, (await ear.NextAsync<PersonChange>(it => it.Person.Id == bruno.Id)).Person);
        Assert.True((await ear.NextAsync<MemberChange>(it => it.Member.UserId == bruno.Id)).Member.Joined);
        Assert.Equal(SystemEvent.Joined, (await ear.NextAsync<MessageChange>(it => it.Message.AuthorId == bruno.Id)).Message.System!.Event);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("two words")]
    [InlineData("joa\u0303o")]
    [InlineData("ana\0")]
    public async Task An_unsound_name_is_refused(string? name)
    {
        using var stranger = server.Stranger();
        var problem = await stranger.RefusedAsync(HttpMethod.Post, Users, new SignUpBody(name, Guest.Password));
        Assert.Equal((400, "invalid_username"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("😀😀😀😀😀😀😀")] // 7 characters, however many bytes
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123")] // 73 bytes
    [InlineData("éééééééééééééééééééééééééééééééééééééé")] // 38 characters, 76 bytes
    [InlineData("nul\0inside")]
    public async Task An_unsound_password_is_refused(string? password)
    {
        using var stranger = server.Stranger();
        var problem = await stranger.RefusedAsync(HttpMethod.Post, Users, new SignUpBody(ChatServer.NewName(), password));
        Assert.Equal((400, "invalid_password"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("kestrel8")]
    [InlineData("😀😀😀😀😀😀😀😀")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012")] // 72 bytes
    [InlineData("        ")]
    public async Task A_sound_password_opens_the_account(string password)
    {
        using var stranger = server.Stranger();
        var name = ChatServer.NewName();
        await stranger.PostAsync<SessionAnswer>(Users, new SignUpBody(name, password));

        Assert.Equal(name, (await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(name, password))).Me.Username);
    }

    [Fact]
    public async Task A_display_name_that_cannot_be_shown_is_refused()
    {
        using var stranger = server.Stranger();
        var problem = await stranger.RefusedAsync(
            HttpMethod.Post, Users, new SignUpBody(ChatServer.NewName(), Guest.Password, "line\nbreak"));
        Assert.Equal((400, "invalid_name"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task A_name_is_taken_whatever_its_case()
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();

        var problem = await stranger.RefusedAsync(
            HttpMethod.Post, Users, new SignUpBody(ana.Username.ToUpperInvariant(), Guest.Password));

        Assert.Equal((409, "username_taken"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task Of_many_who_want_one_name_at_once_one_gets_it()
    {
        using var stranger = server.Stranger();
        var name = ChatServer.NewName();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => stranger.SendAsync(
            HttpMethod.Post, Users, new SignUpBody(i % 2 == 0 ? name : name.ToUpperInvariant(), Guest.Password))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        foreach (var answer in answers) answer.Dispose();
    }
}

/// <summary>What depends on who was there before.</summary>
public sealed class FirstSignUpTests
{
    [Fact]
    public async Task The_first_account_owns_the_server_and_the_others_do_not()
    {
        await using var server = await ChatServer.StartAsync(options => options);
        using var stranger = server.Stranger();
        Assert.True((await stranger.GetAsync<About>("/api/v1/about")).FirstRun);

        using var first = await server.SignUpAsync();
        using var second = await server.SignUpAsync();

        Assert.Equal((Role.Owner, Role.Member), (first.Me.Role, second.Me.Role));
        Assert.False((await stranger.GetAsync<About>("/api/v1/about")).FirstRun);
    }

    [Fact]
    public async Task Of_many_who_are_first_at_once_one_owns_the_server()
    {
        await using var server = await ChatServer.StartAsync(options => options);

        var guests = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.SignUpAsync()));

        Assert.Single(guests, guest => guest.Me.Role == Role.Owner);
        Assert.True(guests.Select(guest => guest.Me.Color).Distinct().Count() >= 32);
        var people = await guests[0].GetAsync<PeopleList>("/api/v1/people");
        Assert.Equal(Enumerable.Range(1, 50).Select(rev => (long)rev), people.People.Select(person => person.Rev).Order());
        foreach (var guest in guests) guest.Dispose();
    }

    [Fact]
    [Trait(ChatServer.Inside, "makes many accounts: quick only where hashing is cheap")]
    public async Task No_two_share_a_colour_until_the_palette_is_spent()
    {
        await using var server = await ChatServer.StartAsync(options => options);
        var spent = Olha.Server.Accounts.Palette.Colors.Count;
        var colors = new List<string>();
        for (var i = 0; i < spent + 2; i++)
        {
            using var guest = await server.SignUpAsync();
            colors.Add(guest.Me.Color);
        }

        Assert.Equal(spent, colors.Take(spent).Distinct().Count());
        Assert.Equal(colors.Take(2), colors.Skip(spent));
    }

    [Theory]
    [InlineData(Registration.Closed)]
    [InlineData(Registration.Invite)]
    public async Task REGISTRATION_keeps_others_out_but_an_empty_server_takes_its_owner(Registration registration)
    {
        await using var server = await ChatServer.StartAsync(options => options with { Registration = registration });
        using var stranger = server.Stranger();
        Assert.Equal(registration, (await stranger.GetAsync<About>("/api/v1/about")).Registration);

        using var owner = await server.SignUpAsync();
        var problem = await stranger.RefusedAsync(
            HttpMethod.Post, "/api/v1/users", new SignUpBody(ChatServer.NewName(), Guest.Password));

        Assert.Equal(Role.Owner, owner.Me.Role);
        Assert.Equal((403, "registration_closed"), (problem.Status, problem.Code));
    }
}
