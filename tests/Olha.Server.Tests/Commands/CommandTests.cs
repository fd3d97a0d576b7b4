using System.Diagnostics;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary>What all commands have in common.</summary>
public sealed class CommandTests(PostgresServer postgres) : IAsyncLifetime
{
    MovingHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await MovingHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task The_program_lists_its_commands()
    {
        var (code, said, complaint) = await _house.RunAsync("--help");

        Assert.Equal((0, ""), (code, complaint));
        Assert.Contains("olha migrate     move from SQLite to PostgreSQL", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task A_command_says_how_it_is_used(string argument)
    {
        var (code, said, complaint) = await _house.RunAsync("migrate", argument);

        Assert.Equal((0, ""), (code, complaint));
        foreach (var option in (string[])["--from sqlite", "--to postgres", "--restart", "--chunk", "--json"])
            Assert.Contains(option, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate needs --from and --to. See olha migrate --help.")]
    [InlineData("migrate needs --from and --to. See olha migrate --help.", "--from", "sqlite")]
    [InlineData("migrate --from needs a value. See olha migrate --help.", "--from")]
    [InlineData("migrate --from needs a value. See olha migrate --help.", "--from", "--to", "postgres")]
    [InlineData("migrate --from is given twice. See olha migrate --help.", "--from", "sqlite", "--from=sqlite")]
    [InlineData("migrate --verbose is nothing it knows. See olha migrate --help.", "--verbose")]
    [InlineData("migrate house.db is nothing it knows. See olha migrate --help.", "house.db")]
    [InlineData("migrate --restart=yes is nothing it knows. See olha migrate --help.", "--restart=yes")]
    [InlineData("--from must be sqlite or sqlite:PATH: only from SQLite can be moved.", "--from", "mysql", "--to", "postgres")]
    [InlineData("--to must be postgres or postgres://USER@HOST/NAME: only to PostgreSQL can be moved.", "--from", "sqlite", "--to", "other.db")]
    [InlineData("--to postgres is the database that DATABASE_URL names, which is not set.", "--from", "sqlite", "--to", "postgres")]
    [InlineData("--chunk must be a whole number from 1 to 1000000.", "--from", "sqlite", "--to", "postgres://h/n", "--chunk", "0")]
    public async Task It_does_not_guess_what_was_meant(string expected, params string[] arguments)
    {
        Assert.Equal((2, "", $"olha: {expected}"), await _house.RunAsync(["migrate", .. arguments]));
        Assert.Empty(Directory.GetFileSystemEntries(_house.Folder));
    }

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
