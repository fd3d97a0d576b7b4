using System.Diagnostics;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary>How a command shows how far it is.</summary>
public sealed class ProgressTests(PostgresServer postgres) : IAsyncLifetime
{
    MovingHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await MovingHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Elsewhere_than_on_a_terminal_there_are_lines()
    {
        await _house.TalkativeAsync(10);

        var (_, said, _) = await _house.MigrateAsync();

        Assert.Matches(@"^copying: 0 of \d+ rows \(0%\)\ncopying: (\d+) of \1 rows \(100%\)\nanalyzing: ", said.ReplaceLineEndings("\n"));
        Assert.DoesNotContain('\r', said);
    }

    [Fact]
    public async Task On_a_terminal_there_is_a_bar()
    {
        await _house.TalkativeAsync(10);
        var program = Environment.GetEnvironmentVariable("OLHA_TEST_BINARY") is { Length: > 0 } published
            ? published : Path.Combine(AppContext.BaseDirectory, "olha");
        // util-linux's script runs a command on a terminal of its own.
        var start = new ProcessStartInfo("script", ["-qec", $"{program} migrate --from sqlite --to {_house.Target}", "/dev/null"])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = _house.Folder,
            Environment = { ["DB_NAME"] = _house.Source, ["DATABASE_URL"] = "", ["TERM"] = "xterm" },
        };
        using var terminal = Process.Start(start)!;

        var said = await terminal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await terminal.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, terminal.ExitCode);
        Assert.Contains("\r\e[2Kcopying    [------------------------]   0%", said, StringComparison.Ordinal);
        Assert.Matches(@"\r\e\[2Kverifying  \[#{24}\] 100%  (\d+)/\1 rows", said);
        Assert.Contains("Moved: ", said, StringComparison.Ordinal);
    }
}
