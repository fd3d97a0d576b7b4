using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Tests.Accounts;

public sealed class SignInTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Sessions = "/api/v1/sessions";

    [Fact]
    public async Task The_right_password_opens_a_session_under_any_case_of_the_name()
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();

        foreach (var name in (string[])[ana.Username, ana.Username.ToUpperInvariant()])
        {
            var answer = await stranger.PostAsync<SessionAnswer>(Sessions, new SignInBody(name, Guest.Password, Bearer: true));
            using var again = new Guest(server.Address, answer.Me, answer.Token!);
            Assert.Equal(ana.Me, await again.GetAsync<Person>("/api/v1/me"));
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_told_the_same()
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();

        using var wrong = await stranger.SendAsync(HttpMethod.Post, Sessions, new SignInBody(ana.Username, "not her password"));
        using var unknown = await stranger.SendAsync(HttpMethod.Post, Sessions, new SignInBody("nobody.of.this.name", "not her password"));

        Assert.Equal((401, "wrong_credentials"), await wrong.ProblemAsync() is var problem ? (problem.Status, problem.Code) : default);
        Assert.Equal(await Body(wrong), await Body(unknown));
        Assert.Equal(Headers(wrong), Headers(unknown));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("nul\0inside")]
    public async Task A_password_is_never_judged_at_the_door(string password)
    {
        using var ana = await server.SignUpAsync();
        using var stranger = server.Stranger();
        Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(HttpMethod.Post, Sessions, new SignInBody(ana.Username, password))).Code);
    }

    [Theory]
    [InlineData("ana\0")]
    [InlineData("two words")]
    [InlineData("'; DROP TABLE users; --")]
    public async Task A_name_that_nobody_can_have_is_nobodys(string name)
    {
        using var stranger = server.Stranger();
        Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(HttpMethod.Post, Sessions, new SignInBody(name, "whatever"))).Code);
    }

    [Theory]
    [InlineData(null, "password")]
    [InlineData("", "password")]
    [InlineData("ana", null)]
    [InlineData("ana", "")]
    public async Task Without_a_name_or_a_password_there_is_nothing_to_try(string? name, string? password)
    {
        using var stranger = server.Stranger();
        var problem = await stranger.RefusedAsync(HttpMethod.Post, Sessions, new SignInBody(name, password));
        Assert.Equal((400, "invalid_field"), (problem.Status, problem.Code));
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows")]
    public async Task The_exact_name_is_tried_before_the_folded_one()
    {
        // As adoption leaves them: the older one holds the folded name.
        using var older = await server.SignUpAsync("maria");
        using var other = await server.SignUpAsync("other");
        var upper = older.Username.ToUpperInvariant();
        await ChangeRowAsync(
            "UPDATE users SET username = @text, name_key = NULL WHERE id = @id", other.Id, upper);
        using var stranger = server.Stranger();

        async Task<long> IdOf(string name) => (await stranger.PostAsync<SessionAnswer>(Sessions, new SignInBody(name, Guest.Password))).Me.Id;
        Assert.Equal(other.Id, await IdOf(upper));
        Assert.Equal(older.Id, await IdOf(older.Username));
        Assert.Equal(older.Id, await IdOf("M" + older.Username[1..]));
    }

    [Fact]
    [Trait(ChatServer.Inside, "writes rows")]
    public async Task A_hash_of_the_original_opens_the_door_and_is_made_stronger_when_the_cost_was_raised()
    {
        // Made by the Go program for the password alice-secret-1: its cost is 10.
        const string Original = "$2a$10$Yd1TrNHDi/vMEoqtHCnxxe.g7flcmKyoTvX3ExD1fvhBHSSJolFo6";
        await using var strict = await ChatServer.StartAsync(options => options with { PasswordCost = 11 });
        using var alice = await strict.SignUpAsync("alice");
        await ChangeRowAsync("UPDATE users SET password_hash = @text WHERE id = @id", alice.Id, Original, strict);
        using var stranger = strict.Stranger();

        Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(HttpMethod.Post, Sessions, new SignInBody(alice.Username, "alice-secret-2"))).Code);
        Assert.Equal(Original, await HashOfAsync(alice.Id, strict));
        await stranger.PostAsync<SessionAnswer>(Sessions, new SignInBody(alice.Username, "alice-secret-1"));

        Assert.StartsWith("$2a$11$", await HashOfAsync(alice.Id, strict), StringComparison.Ordinal);
        await stranger.PostAsync<SessionAnswer>(Sessions, new SignInBody(alice.Username, "alice-secret-1"));
    }

    [Theory]
    [Trait(ChatServer.Inside, "writes rows")]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("$2a$10$short")]
    [InlineData("$2a$99$Yd1TrNHDi/vMEoqtHCnxxe.g7flcmKyoTvX3ExD1fvhBHSSJolFo6")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA")]
    public async Task A_row_without_a_bcrypt_hash_lets_nobody_in(string hash)
    {
        using var ana = await server.SignUpAsync();
        await ChangeRowAsync("UPDATE users SET password_hash = @text WHERE id = @id", ana.Id, hash);
        using var stranger = server.Stranger();
        Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(HttpMethod.Post, Sessions, new SignInBody(ana.Username, Guest.Password))).Code);
    }

    async Task ChangeRowAsync(string sql, long id, string text, ChatServer? at = null) =>
        await (at ?? server).Get<Database>().WriteAsync(
            async tx => await tx.ExecuteAsync(sql, ("@id", id), ("@text", text)), TestContext.Current.CancellationToken);

    static async Task<string?> HashOfAsync(long id, ChatServer at) => await at.Get<Database>().ReadAsync(
        session => session.ScalarAsync<string>("SELECT password_hash FROM users WHERE id = @id", ("@id", id)), TestContext.Current.CancellationToken);

    static Task<string> Body(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    static IEnumerable<string> Headers(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").Select(header => header.Key).Order();
}
