using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary>What all commands have in common before they begin.</summary>
public sealed class CommandTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_program_lists_its_commands()
    {
        var (code, said, complaint) = await RunAsync("--help");

        Assert.Equal((0, ""), (code, complaint));
        Assert.Contains("olha migrate     move from SQLite to PostgreSQL", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task A_command_says_how_it_is_used(string argument)
    {
        var (code, said, complaint) = await RunAsync("migrate", argument);

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
        Assert.Equal((2, "", $"olha: {expected}"), await RunAsync(["migrate", .. arguments]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_wrong_setting_is_told()
    {
        await using var program = RunningProgram.Start(
            _folder.Path, new Dictionary<string, string> { ["REGISTRATION"] = "perhaps" }, "migrate", "--from", "sqlite", "--to", "postgres://h/n");
        var (code, complaint) = await program.EndedAsync();

        Assert.Equal(1, code);
        Assert.StartsWith("olha: REGISTRATION", complaint, StringComparison.Ordinal);
    }

    async Task<(int Code, string Said, string Complaint)> RunAsync(params string[] arguments) =>
        await MovingHouse.EndedAsync(RunningProgram.Start(_folder.Path, new Dictionary<string, string>(), arguments));
}
