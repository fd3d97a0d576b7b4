using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

/// <summary>Guessing the password of one account, from however many addresses.</summary>
[Trait(ChatServer.Inside, "sets the clock")]
public sealed class SignInThrottleTests : IAsyncLifetime
{
    readonly SettableClock _clock = new();
    readonly ChatServer _server;

    public SignInThrottleTests() => _server = new ChatServer(static options => options, _clock);

    public ValueTask InitializeAsync() => _server.InitializeAsync();
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_five_failures_each_try_waits_twice_as_long_as_the_one_before_whoever_has_the_name(bool known)
    {
        using var ana = await _server.SignUpAsync();
        using var stranger = _server.Stranger();
        var name = known ? ana.Username : ChatServer.NewName("nobody");
        for (var i = 0; i < 5; i++) Assert.Equal("wrong_credentials", (await TryAsync(stranger, name)).Code);

        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            var refused = await TryAsync(stranger, name);
            Assert.Equal((429, "too_fast"), (refused.Status, refused.Code));
            Assert.InRange(refused.RetryAfterMs!.Value, seconds * 1000 - 900, seconds * 1000); // the clock runs on meanwhile

            _clock.Forward(TimeSpan.FromSeconds(seconds));
            Assert.Equal("wrong_credentials", (await TryAsync(stranger, name)).Code);
        }
    }

    [Theory]
    [InlineData("/api/v1/sessions")]
    [InlineData("/api/users/login")]
    public async Task The_right_password_is_not_looked_at_too_early_at_either_door_and_ends_the_waiting(string door)
    {
        using var ana = await _server.SignUpAsync();
        using var stranger = _server.Stranger();
        for (var i = 0; i < 5; i++) await TryAsync(stranger, i % 2 == 0 ? ana.Username : ana.Username.ToUpperInvariant());

        Assert.Equal("too_fast", (await stranger.RefusedAsync(HttpMethod.Post, door, new OriginalCredentials(ana.Username, Guest.Password))).Code);
        _clock.Forward(TimeSpan.FromSeconds(1));
        using (var response = await stranger.SendAsync(HttpMethod.Post, door, new OriginalCredentials(ana.Username, Guest.Password)))
            Assert.True(response.IsSuccessStatusCode);

        for (var i = 0; i < 5; i++) Assert.Equal("wrong_credentials", (await TryAsync(stranger, ana.Username)).Code);
    }

    [Fact]
    public async Task Many_tries_at_once_are_no_more_than_five_guesses()
    {
        using var ana = await _server.SignUpAsync();
        using var stranger = _server.Stranger();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => TryAsync(stranger, ana.Username)));

        Assert.Equal(5, answers.Count(it => it.Code == "wrong_credentials"));
        Assert.Equal(35, answers.Count(it => it.Code == "too_fast"));
    }

    [Fact]
    public async Task One_accounts_failures_are_not_anothers_and_are_forgotten_in_time()
    {
        using var ana = await _server.SignUpAsync();
        using var bruno = await _server.SignUpAsync("bruno");
        using var stranger = _server.Stranger();
        for (var i = 0; i < 6; i++) await TryAsync(stranger, ana.Username);

        await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(bruno.Username, Guest.Password));
        _clock.Forward(TimeSpan.FromMinutes(15));

        for (var i = 0; i < 5; i++) Assert.Equal("wrong_credentials", (await TryAsync(stranger, ana.Username)).Code);
    }

    static Task<Problem> TryAsync(Client client, string name) =>
        client.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(name, "guessed wrong"));
}
