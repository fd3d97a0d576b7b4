using System.Text.Json.Nodes;
using Olha.Server.Commands;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary>What every command of the table has in common.</summary>
public sealed class HelpTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. CommandLine.Commands.Select(static it => it.Name)];

    [Fact]
    public async Task All_commands_are_listed()
    {
        var (code, said, complaint) = await RunAsync("help");

        Assert.Equal((0, ""), (code, complaint));
        Assert.All(CommandLine.Commands, command => Assert.Contains($"\n  olha {command.Name,-10}  {command.Summary}\n", said, StringComparison.Ordinal));
        Assert.Equal(said, (await RunAsync("--help")).Said);
        Assert.Equal(CommandLine.Commands.Select(static it => it.Name).Order(StringComparer.Ordinal), CommandLine.Commands.Select(static it => it.Name));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task A_command_tells_of_all_that_it_takes(string name)
    {
        var command = CommandLine.Find(name)!;

        var (code, said, complaint) = await RunAsync("help", name);

        Assert.Equal((0, ""), (code, complaint));
        Assert.StartsWith($"olha {name}, ", said, StringComparison.Ordinal);
        foreach (var option in command.Takes) Assert.Contains(option.TrimEnd('='), said, StringComparison.Ordinal);
        foreach (var word in command.Operands.SelectMany(static it => it.Choices is { Count: < 9 } few ? few : [])) Assert.Contains($"olha {name} {word}", said, StringComparison.Ordinal);
        foreach (var word in command.Choices.SelectMany(static it => it.Value)) Assert.Contains(word, said, StringComparison.Ordinal);
        Assert.Equal(said, (await RunAsync(name, "--help")).Said);
        Assert.Equal(said, (await RunAsync(name, "--json", "-h")).Said);
        Assert.All(said.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task A_command_does_not_guess_and_says_so_to_machines_too(string name)
    {
        var (code, said, complaint) = await RunAsync(name, "--nonsense");
        Assert.Equal((2, "", $"olha: {name} --nonsense is nothing it knows. See olha {name} --help."), (code, said, complaint));

        (code, said, complaint) = await RunAsync(name, "--nonsense", "--json");
        var result = JsonNode.Parse(said)!;
        Assert.Equal((2, ""), (code, complaint));
        Assert.Equal(("result", name, false, "misused"), ((string?)result["type"], (string?)result["command"], (bool?)result["ok"], (string?)result["code"]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task What_needs_sound_settings_names_those_that_are_wrong(string name)
    {
        var (code, said, complaint) = await RunWithAsync(new() { ["REGISTRATION"] = "perhaps" }, name, "--json");

        var result = JsonNode.Parse(said.Split('\n')[^1])!;
        if (CommandLine.Find(name)!.NeedsSettings)
        {
            Assert.Equal((1, "", "settings"), (code, complaint, (string?)result["code"]));
            Assert.StartsWith("REGISTRATION must be", (string?)result["problems"]![0], StringComparison.Ordinal);
        }
        else
        {
            Assert.NotEqual(name is "config" ? "misused" : "settings", (string?)result["code"]);
        }
    }

    [Theory]
    [InlineData("migrat is nothing it knows. Did you mean olha migrate? See olha --help.", "migrat")]
    [InlineData("dcotor is nothing it knows. Did you mean olha doctor? See olha --help.", "dcotor")]
    [InlineData("frobnicate --now is nothing it knows. See olha --help.", "frobnicate", "--now")]
    [InlineData("there is no command exprot. Did you mean olha help export?", "help", "exprot")]
    [InlineData("there is no command frobnicate. See olha --help.", "help", "frobnicate")]
    [InlineData("export --publik-only is nothing it knows: did you mean --public-only? See olha export --help.", "export", "--publik-only")]
    [InlineData("export pt-BT is nothing it knows: did you mean pt-BR? See olha export --help.", "export", "--language", "pt-BT")]
    [InlineData("config DBNAME is nothing it knows: did you mean DB_NAME? See olha config --help.", "config", "DBNAME")]
    [InlineData("export takes one DIR, not b too. See olha export --help.", "export", "a", "b")]
    [InlineData("completion needs the name of a shell: bash, zsh or fish.", "completion")]
    public async Task A_slip_is_told_with_what_was_probably_meant(string expected, params string[] arguments) =>
        Assert.Equal((2, "", $"olha: {expected}"), await RunAsync(arguments));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abcd", "acbe", 2)]
    [InlineData("migrat", "migrate", 1)]
    public void Slips_are_counted(string a, string b, int expected) => Assert.Equal(expected, Nearest.Slips(a, b));

    [Fact]
    public async Task The_version_is_for_machines_too()
    {
        var (code, said, _) = await RunAsync("--version", "--json");

        Assert.Equal((0, CommandLine.ProgramVersion), (code, (string?)JsonNode.Parse(said)!["version"]));
        Assert.Equal((0, CommandLine.ProgramVersion, ""), await RunAsync("version"));
    }

    [Fact]
    public async Task Health_is_for_machines_too()
    {
        await using var server = RunningProgram.Start(_folder.Path, new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1" });
        var variables = new Dictionary<string, string> { ["PORT"] = $"{(await server.Address).Port}", ["BIND"] = "127.0.0.1" };
        // Its first answer may take longer than it is waited for, on a machine that does much else.
        using (var client = new Client(await server.Address)) (await client.SendAsync(HttpMethod.Get, "/health")).Dispose();

        var (code, said, _) = await RunWithAsync(variables, "--health", "--json");
        Assert.Equal((0, true), (code, (bool?)JsonNode.Parse(said)!["ok"]));

        await server.KillAsync();
        (code, said, var complaint) = await RunWithAsync(variables, "health", "--json");
        Assert.Equal((1, "", "no_answer"), (code, complaint, (string?)JsonNode.Parse(said)!["code"]));
    }

    Task<(int Code, string Said, string Complaint)> RunAsync(params string[] arguments) => RunWithAsync([], arguments);

    Task<(int Code, string Said, string Complaint)> RunWithAsync(Dictionary<string, string> variables, params string[] arguments) =>
        MovingHouse.EndedAsync(RunningProgram.Start(_folder.Path, variables, arguments));
}
