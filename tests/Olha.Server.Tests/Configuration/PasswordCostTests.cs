using Microsoft.Data.Sqlite;
using Olha.Protocol;

namespace Olha.Server.Tests.Configuration;

/// <summary>What <c>PASSWORD_COST</c> does to what is stored.</summary>
public sealed class PasswordCostTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olha-cost-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PASSWORD_COST_is_what_a_password_is_hashed_with()
    {
        await using var program = RunningProgram.Start(_folder, new Dictionary<string, string>
        {
            ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DB_NAME"] = "chat.db", ["PASSWORD_COST"] = "11",
        });
        using var stranger = new Client(await program.Address);
        await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody("ana", Guest.Password, Bearer: true));

        await using var file = new SqliteConnection($"Data Source={Path.Combine(_folder, "chat.db")};Mode=ReadOnly;Pooling=False");
        await file.OpenAsync(TestContext.Current.CancellationToken);
        await using var hash = new SqliteCommand("SELECT password_hash FROM users WHERE username = 'ana'", file);

        Assert.StartsWith("$2a$11$", (string?)await hash.ExecuteScalarAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BIND", "0.0.0.0")]
    [InlineData("BIND", "")]
    [InlineData("BIND", "127.0.0.1,192.0.2.7")]
    [InlineData("PUBLIC_URL", "http://chat.example.org")]
    public async Task It_is_safe_where_others_are_served(string name, string value)
    {
        await using var program = RunningProgram.Start(_folder, new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["PASSWORD_COST"] = "9", [name] = value });
        var (code, complaint) = await program.EndedAsync();

        Assert.Equal(1, code);
        Assert.StartsWith("olha: PASSWORD_COST must be a whole number from 10 to 16;", complaint, StringComparison.Ordinal);
    }
}
