using System.Diagnostics;

namespace Olha.Server.Tests.Configuration;

/// <summary>The program when it does not serve.</summary>
public sealed class CommandLineTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olha-command-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    async Task<(int Code, string Said, string Complaint)> RunAsync(int port, params string[] arguments)
    {
        await using var program = RunningProgram.Start(_folder, new Dictionary<string, string> { ["PORT"] = $"{port}", ["BIND"] = "127.0.0.1" }, arguments);
        var (code, complaint) = await program.EndedAsync();
        return (code, program.Said, complaint);
    }

    [Fact]
    public async Task It_says_its_version()
    {
        var expected = FileVersionInfo.GetVersionInfo(typeof(ChatHost).Assembly.Location).ProductVersion!.Split('+')[0];

        Assert.Equal((0, expected + Environment.NewLine, ""), await RunAsync(0, "--version"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task It_says_how_it_is_used(string argument)
    {
        var (code, said, complaint) = await RunAsync(0, argument);

        Assert.Equal((0, ""), (code, complaint));
        Assert.Contains("http://localhost:8080", said);
    }

    [Theory]
    [InlineData("", "--serve")]
    [InlineData(" Did you mean olha health?", "--health", "now")]
    public async Task It_does_not_guess_what_was_meant(string hint, params string[] arguments)
    {
        var (code, _, complaint) = await RunAsync(0, arguments);

        Assert.Equal((2, $"olha: {string.Join(' ', arguments)} is nothing it knows.{hint} See olha --help."), (code, complaint.Trim()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task It_asks_a_running_server_whether_it_is_alive()
    {
        await using var server = RunningProgram.Start(_folder, new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1" });
        var port = (await server.Address).Port;
        // Its first answer may take longer than it is waited for, on a machine that does much else.
        using (var client = new Client(await server.Address)) (await client.SendAsync(HttpMethod.Get, "/health")).Dispose();

        Assert.Equal(0, (await RunAsync(port, "--health")).Code);

        server.Terminate();
        await server.EndedAsync();
        var (code, _, complaint) = await RunAsync(port, "--health");
        Assert.Equal((1, $"olha: nothing answers at port {port}."), (code, complaint.Trim()));
    }
}
