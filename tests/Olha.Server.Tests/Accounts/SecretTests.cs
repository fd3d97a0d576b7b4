using System.Data.Common;
using System.Text;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Tests.Accounts;

/// <summary>What lets somebody in can't be read in the database.</summary>
[Trait(ChatServer.Inside, "reads rows")]
public sealed class SecretTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string TablesSqlite = "SELECT name FROM sqlite_master WHERE type = 'table'";
    const string TablesPostgres = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()";

    [Fact]
    public async Task No_column_holds_a_sessions_a_tokens_or_a_links_secret()
    {
        using var owner = await server.SignUpAsync("owner");
        using var ana = await server.SignUpAsync();
        var token = await ana.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read]));
        var link = await ana.PostAsync<NewLink>("/api/v1/me/device-links", null);
        var renewed = await ana.PutAsync<SessionAnswer>("/api/v1/me/password", new PasswordBody(Guest.Password, "another horse"));
        using var again = new Guest(server.Address, renewed.Me, renewed.Token!);
        var second = await again.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("a name to find", [Scope.Read]));
        var another = await again.PostAsync<NewLink>("/api/v1/me/device-links", null);
        var invitation = await owner.PostAsync<NewInvitation>("/api/v1/invitations", new NewInvitationBody(Role.Member));
        var recovery = await owner.PostAsync<NewLink>($"/api/v1/admin/people/{ana.Id}/recovery", null);
        string[] secrets = [
            invitation.Token, recovery.Token,
            ana.Token!, token.Token, link.Token, renewed.Token!, second.Token, another.Token, second.Token["olha_".Length..],
            Guest.Password, "another horse"];

        var values = await EverythingAsync();

        Assert.Contains("a name to find", values); // the search sees what is there
        Assert.All(secrets, secret => Assert.DoesNotContain(values, value => value.Contains(secret, StringComparison.Ordinal)));
    }

    ValueTask<List<string>> EverythingAsync() => server.Get<Database>().ReadAsync(async session =>
    {
        var tables = await session.ListAsync(
            session.Dialect == Dialect.Sqlite ? TablesSqlite : TablesPostgres, static row => row.GetString(0));
        var values = new List<string>();
        foreach (var table in tables)
            values.AddRange((await session.ListAsync($"SELECT * FROM \"{table}\"", ValuesOf)).SelectMany(row => row));
        return values;
    }, TestContext.Current.CancellationToken);

    static IEnumerable<string> ValuesOf(DbDataReader row)
    {
        var values = new List<string>();
        for (var i = 0; i < row.FieldCount; i++)
            if (!row.IsDBNull(i)) values.Add(row.GetValue(i) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : $"{row.GetValue(i)}");
        return values;
    }
}
