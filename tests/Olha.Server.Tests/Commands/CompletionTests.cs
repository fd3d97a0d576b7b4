using System.Diagnostics;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary><c>olha completion</c>: what a shell offers when one presses the tabulator.</summary>
public sealed class CompletionTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mi", "migrate")]
    [InlineData("do", "doctor")]
    [InlineData("export --l", "--language")]
    [InlineData("export --language ", "en", "pt-BR", "es")]
    [InlineData("export --language p", "pt-BR")]
    [InlineData("export --language=p", "pt-BR")]
    [InlineData("export --language pt-BR --pub", "--public-only")]
    [InlineData("completion ", "bash", "zsh", "fish")]
    [InlineData("config DB", "DB_NAME", "DB_MIGRATIONS_PATH")]
    [InlineData("admin re", "reset-password")]
    [InlineData("admin reset-password --p", "--password-stdin")]
    [InlineData("help exp", "export")]
    [InlineData("export here", "here/")]
    [InlineData("export --language en here", "here/")]
    [InlineData("export --public-only here", "here/")]
    [InlineData("frobnicate x")]
    public async Task In_bash_it_offers_what_there_is(string typed, params string[] expected)
    {
        Directory.CreateDirectory(_folder["here"]);
        Assert.Equal(expected.Select(static it => it.TrimEnd('/')).Order(StringComparer.Ordinal), (await OfferedAsync(typed)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task In_bash_every_command_and_every_option_is_offered()
    {
        Assert.Equal(
            CommandLine.Commands.Select(static it => it.Name).Concat(["--help", "--version", "--health"]).Order(StringComparer.Ordinal),
            (await OfferedAsync("")).Order(StringComparer.Ordinal));
        foreach (var command in CommandLine.Commands)
            Assert.Equal(
                command.Takes.Select(static it => it.TrimEnd('=')).Concat(["--json", "--help"]).Order(StringComparer.Ordinal),
                (await OfferedAsync($"{command.Name} --")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task The_others_scripts_are_sound(string shell, string onlyCheck)
    {
        var script = await ScriptAsync(shell);
        foreach (var command in CommandLine.Commands) Assert.Contains(command.Name, script, StringComparison.Ordinal);
        Assert.SkipUnless(File.Exists($"/usr/bin/{shell}"), $"There is no {shell} here.");
        await File.WriteAllTextAsync(_folder["script"], script, TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), await ShellAsync(shell, onlyCheck, _folder["script"]));
    }

    // Parted into words as bash itself does it: "=" parts too.
    async Task<string[]> OfferedAsync(string typed)
    {
        await File.WriteAllTextAsync(_folder["script"], await ScriptAsync("bash"), TestContext.Current.CancellationToken);
        var words = $"olha {typed}".Replace("=", " = ", StringComparison.Ordinal).Split(' ');
        const string Complete = """
            source ./script
            function=$(complete -p olha | sed 's/.*-F \([^ ]*\) olha/\1/')
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            $function olha "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var (code, said) = await ShellAsync("bash", ["-c", Complete, "bash", .. words]);
        Assert.Equal(0, code);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    async Task<string> ScriptAsync(string shell)
    {
        var (code, said, complaint) = await MovingHouse.EndedAsync(RunningProgram.Start(_folder.Path, new Dictionary<string, string>(), "completion", shell));
        Assert.Equal((0, ""), (code, complaint));
        return said + "\n";
    }

    async Task<(int Code, string Said)> ShellAsync(string shell, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, WorkingDirectory = _folder.Path })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said.TrimEnd());
    }
}
