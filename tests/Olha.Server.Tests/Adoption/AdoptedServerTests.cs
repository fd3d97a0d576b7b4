using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Adoption;

/// <summary>The server that was started on a file of the original, seen through its doors.</summary>
public sealed class AdoptedServerTests
{
    [Theory]
    [InlineData(1, "alice", "alice-secret-1", Role.Owner)]
    [InlineData(2, "bruno", "bruno-secret-1", Role.Member)]
    public async Task Users_of_the_original_come_in_at_both_doors(long id, string name, string password, Role role)
    {
        using var original = OriginalFile.Genuine();
        // Twice: the first login makes the hash a stronger one.
        for (var start = 0; start < 2; start++)
        {
            await using var server = await StartAsync(original);
            using var stranger = server.Stranger();

            using var old = await stranger.SendAsync(HttpMethod.Post, "/api/users/login", new OriginalCredentials(name, password));
            Assert.Equal((HttpStatusCode.OK, $$"""{"id":{{id}},"username":"{{name}}"}"""),
                (old.StatusCode, await old.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
            Assert.StartsWith("olha_session=", Assert.Single(old.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);

            using var guest = await SignInAsync(server, name, password);
            Assert.Equal((id, name, name, role), (guest.Me.Id, guest.Me.Username, guest.Me.DisplayName, guest.Me.Role));
            Assert.Equal(401, (await stranger.RefusedAsync(HttpMethod.Post, "/api/users/login", new OriginalCredentials(name, "not it"))).Status);
        }
    }

    [Fact]
    public async Task Names_that_nobody_could_take_today_sign_in_as_whom_they_name()
    {
        using var original = OriginalFile.OfUsers()
            .User(1, "Alice", "first").User(2, "alice", "second").User(3, "ALICE", "third").User(4, "x", "p").User(5, "two words", "words")
            .User(6, "ﬁ", "ligature").User(7, new string('n', 200), "long");
        await using var server = await StartAsync(original);

        foreach (var (name, password, id) in ((string, string, long)[])[
            ("Alice", "first", 1), ("alice", "second", 2), ("ALICE", "third", 3), ("aLiCe", "first", 1), ("x", "p", 4), ("X", "p", 4),
            ("two words", "words", 5), ("ﬁ", "ligature", 6), (new string('n', 200), "long", 7)])
        {
            using var guest = await SignInAsync(server, name, password);
            Assert.Equal(id, guest.Id);
        }
        using var stranger = server.Stranger();
        Assert.Equal("username_taken",
            (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody("aLICE", Guest.Password))).Code);
    }

    [Fact]
    public async Task Where_no_hash_lies_no_password_is_right()
    {
        using var original = OriginalFile.OfUsers().User(1, "ana", "right");
        foreach (var hash in (string[])["", "!", "plain text", "$2a$10$tooshort", "$2a$99$Yd1TrNHDi/vMEoqtHCnxxe.g7flcmKyoTvX3ExD1fvhBHSSJolFo6",
            "$9z$10$Yd1TrNHDi/vMEoqtHCnxxe.g7flcmKyoTvX3ExD1fvhBHSSJolFo6", "$2a$10$Yd1TrNHDi/vMEoqtHCnxxe.g7flcmKyoTvX3ExD1fvhBHSS\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"])
            original.Execute("INSERT INTO users (username, password) VALUES (@0, @1)", $"of {hash}", hash);
        await using var server = await StartAsync(original);
        using var stranger = server.Stranger();

        using var ana = await SignInAsync(server, "ana", "right");
        var others = (await ana.GetAsync<PeopleList>("/api/v1/people")).People.Where(person => person.Id != ana.Id).ToList();
        Assert.Equal(7, others.Count);
        foreach (var person in others)
            foreach (var password in (string[])["plain text", "!", "x"])
                Assert.Equal("wrong_credentials",
                    (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(person.Username, password))).Code);
    }

    [Fact]
    public async Task A_password_longer_than_may_be_set_today_keeps_working()
    {
        var password = string.Concat(Enumerable.Repeat("senha comprida ", 10));
        using var original = OriginalFile.OfUsers().User(1, "ana", password);
        await using var server = await StartAsync(original);

        for (var i = 0; i < 2; i++)
        {
            using var ana = await SignInAsync(server, "ana", password);
            Assert.Equal(1, ana.Id);
        }
    }

    [Fact]
    public async Task Rooms_and_history_are_there_read_and_go_on()
    {
        using var original = OriginalFile.OfChannels().User(1, "ana", "ana's password").User(2, "bia", "bia's password")
            .Channel(1, "general").Channel(2, "dev", "what we build", by: 2)
            .Message(1, 1, 1, "olá", "2025-08-28 12:34:56").Message(2, 1, 2, "oi", "2025-08-28T12:34:57.5Z").Message(3, 1, 7, "gone")
            .Message(4, 2, 2, "hi");
        await using var server = await StartAsync(original);
        using var ana = await SignInAsync(server, "ana", "ana's password");
        await using var ear = await ana.ListenAsync();

        Assert.Equal([(1, "general", true, 3, 0), (2, "dev", false, 1, 0)],
            ear.Welcome.Rooms.Select(place => ((int)place.RoomId, place.Room!.Name, place.Room.General, (int)place.LastSeq, (int)place.Unread)));
        Assert.Equal("what we build", ear.Welcome.Rooms[1].Room!.Topic);
        var history = await ana.HistoryAsync(1);
        Assert.Equal([(1, 1, "olá"), (2, 2, "oi"), (3, 3, "gone")], history.Select(said => ((int)said.Id, (int)said.AuthorId, said.Body)));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1756384497500), history[1].CreatedAt);

        // The streams are whole: what changed since the beginning is all there is.
        var changes = await ana.GetAsync<RoomChanges>("/api/v1/rooms/1/changes?after=0");
        Assert.Equal(Enumerable.Range(1, (int)changes.Head).Select(rev => (long)rev), changes.Changes.Select(change => change.Rev));
        Assert.Equal(changes.Head, changes.Complete);

        Assert.Equal(4, (await ana.SayAsync(1, "and on it goes")).Seq);
        Assert.Equal((4, "and on it goes"), await ear.NextAsync<MessageChange>() is { Message: var heard } ? ((int)heard.Seq, heard.Body) : default);
        using var caio = await server.SignUpAsync("caio");
        Assert.Equal(1, Assert.Single((await caio.GetAsync<RoomList>("/api/v1/rooms")).Rooms).RoomId);
        Assert.Equal(6, (await caio.SayAsync(1, "hello")).Seq); // after the line that says he joined
    }

    static Task<ChatServer> StartAsync(OriginalFile original) =>
        ChatServer.StartAsync(options => options with { DbName = original.Close().Path, DatabaseUrl = null });

    static async Task<Guest> SignInAsync(ChatServer server, string name, string password)
    {
        using var stranger = server.Stranger();
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(name, password, Bearer: true));
        return new Guest(server.Address, answer.Me, answer.Token!);
    }
}
