using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

public sealed class GuessedPasswordTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData("12345678")]
    [InlineData("iloveyou")]
    [InlineData("OlhaMensagem1")]
    [InlineData("olha-mensagem!")]
    [InlineData("{name}2026!")]
    [InlineData("Maria Amélia 77")]
    public async Task What_is_guessed_first_is_no_password(string password)
    {
        using var stranger = server.Stranger();
        var name = ChatServer.NewName("someone");

        var problem = await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody(
            name, password.Replace("{name}", name, StringComparison.Ordinal), "Maria Amélia"));

        Assert.Equal((400, "common_password"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("vento norte 7")]
    [InlineData("pässwörter sind schön")]
    [InlineData("88888888 eights")]
    [InlineData("密码密码密码密码")]
    public async Task Anything_else_is_one(string password)
    {
        using var stranger = server.Stranger();

        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(ChatServer.NewName(), password, Bearer: true));

        Assert.NotNull(answer.Token);
    }

    [Fact]
    public async Task Neither_when_it_is_changed()
    {
        using var ana = await server.SignUpAsync();

        var problem = await ana.RefusedAsync(HttpMethod.Put, "/api/v1/me/password", new PasswordBody(Guest.Password, "sunshine"));

        Assert.Equal("common_password", problem.Code);
    }
}
