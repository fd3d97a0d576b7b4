using System.Text.Json.Nodes;
using Olha.Server.Configuration;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary><c>olha config</c>: the settings as they hold, and where they come from.</summary>
public sealed class ConfigTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_setting_stands_in_the_table_with_its_default()
    {
        var (code, said, complaint) = await RunAsync([]);

        Assert.Equal((0, ""), (code, complaint));
        var lines = said.Split('\n');
        Assert.Equal(Settings.Names, lines.Select(static line => line.Split(' ')[0]));
        Assert.Matches(@"^PORT +8080 +default$", lines[0]);
        Assert.Contains(lines, static line => line.StartsWith("DATABASE_URL ", StringComparison.Ordinal) && line.Contains(" none ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("LOG_LEVEL ", StringComparison.Ordinal) && line.Contains(" info ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_says_where_each_comes_from()
    {
        await File.WriteAllTextAsync(_folder[".env"], "REGISTRATION=closed\nDRAIN_SECONDS=7\nLOG_LEVEL=debug\n", TestContext.Current.CancellationToken);

        var (code, said, _) = await RunAsync(new() { ["REGISTRATION"] = "Invite", ["LOG_LEVEL"] = "" }, "--json");

        var settings = JsonNode.Parse(said)!["settings"]!.AsArray().ToDictionary(static it => (string)it!["name"]!, static it => ((string?)it!["value"], (string?)it["from"]));
        Assert.Equal(0, code);
        Assert.Equal(("invite", "environment"), settings["REGISTRATION"]);
        Assert.Equal(("7", ".env"), settings["DRAIN_SECONDS"]);
        Assert.Equal(("info", "default"), settings["LOG_LEVEL"]); // an empty one is not set, and hides the file's
        Assert.Equal((null, "default"), settings["PUBLIC_URL"]);
    }

    [Fact]
    public async Task One_value_is_said_alone()
    {
        Assert.Equal((0, "8080", ""), await RunAsync([], "PORT"));
        Assert.Equal((0, "127.0.0.1,::1", ""), await RunAsync(new() { ["BIND"] = "127.0.0.1, ::1" }, "BIND"));
        Assert.Equal((0, "", ""), await RunAsync([], "PUBLIC_URL"));
        Assert.Equal((0, "443", ""), await RunAsync(new() { ["PUBLIC_URL"] = "https://chat.example.org", ["PORT"] = "443" }, "PORT"));
    }

    [Fact]
    public async Task What_follows_from_other_settings_is_said_too()
    {
        var variables = new Dictionary<string, string> { ["PUBLIC_URL"] = "https://chat.example.org", ["PORT"] = "443" };

        Assert.Equal((0, "80", ""), await RunAsync(variables, "REDIRECT_PORT"));
        Assert.StartsWith("https://acme-v02", (await RunAsync(variables, "ACME_DIRECTORY")).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_shown()
    {
        var variables = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = "postgres://ana:canary-1@db.example.org:5432/olha?sslpassword=canary-2", ["REDIS_URL"] = "redis://:canary-3@redis.example.org",
            ["METRICS_TOKEN"] = "canary-4-and-more", ["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=canary-5",
        };

        foreach (var arguments in (string[][])[[], ["--json"], ["DATABASE_URL"], ["METRICS_TOKEN"]])
            Assert.DoesNotContain("canary", (await RunAsync(variables, arguments)).Said, StringComparison.Ordinal);
        Assert.Equal("postgres://ana:...@db.example.org:5432/olha?sslpassword=...", (await RunAsync(variables, "DATABASE_URL")).Said);
    }

    [Fact]
    public async Task What_is_wrong_is_told_as_at_the_start_and_what_is_sound_is_shown()
    {
        var variables = new Dictionary<string, string> { ["PORT"] = "eighty", ["REGISTRATION"] = "perhaps", ["DRAIN_SECONDS"] = "7" };

        var (code, said, complaint) = await RunAsync(variables);

        Assert.Equal(1, code);
        Assert.Matches(@"PORT +8080 +environment, wrong\n", said);
        Assert.Matches(@"DRAIN_SECONDS +7 +environment\n", said);
        await using var server = RunningProgram.Start(_folder.Path, variables);
        Assert.Equal((await server.EndedAsync()).Complaint.TrimEnd(), complaint);
        var result = JsonNode.Parse((await RunAsync(variables, "--json")).Said)!;
        Assert.Equal((false, "settings", 2), ((bool?)result["ok"], (string?)result["code"], result["problems"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_file_of_settings_that_cannot_be_read_is_told_and_nothing_starts_without_them()
    {
        // Which not even root can read from its beginning.
        File.CreateSymbolicLink(_folder[".env"], "/proc/self/mem");

        var (code, _, complaint) = await RunAsync([]);

        Assert.Equal(1, code);
        Assert.StartsWith("olha: .env can't be read:", complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://ana:secret@h/n", "postgres://ana:...@h/n")]
    [InlineData("postgres://ana@h:5432/n", "postgres://ana@h:5432/n")]
    [InlineData("postgres://h:5432/n", "postgres://h:5432/n")]
    [InlineData("redis://:secret@h:6379/1", "redis://:...@h:6379/1")]
    [InlineData("postgres://ana:sécret/with?all@h1:1,h2:2/n", "postgres://ana:...@h1:1,h2:2/n")]
    [InlineData("postgres://ana@h/n?password=secret&application_name=x", "postgres://ana@h/n?password=...&application_name=x")]
    [InlineData("postgres://h/n?SSL%20Password=secret", "postgres://h/n?SSL%20Password=...")]
    [InlineData("data/olha.db", "data/olha.db")]
    public void An_address_is_shown_without_its_password(string address, string expected) => Assert.Equal(expected, Secrets.Masked(address));

    Task<(int Code, string Said, string Complaint)> RunAsync(Dictionary<string, string> variables, params string[] arguments) =>
        MovingHouse.EndedAsync(RunningProgram.Start(_folder.Path, variables, ["config", .. arguments]));
}
