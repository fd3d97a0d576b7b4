using System.Diagnostics;
using System.Text;

namespace Olha.Server.Tests;

/// <summary>The program as a person starts it: variables in, lines and an exit code out.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly StringBuilder _said = new();
    readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task<string> _complained;
    readonly Task _reading;

    RunningProgram(Process process)
    {
        _process = process;
        _complained = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Where it said that it listens on this machine.</summary>
    public Task<Uri> Address => _listening.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

    /// <summary>What it wrote to standard output so far.</summary>
    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <param name="folder">Its working directory.</param>
    /// <param name="variables">Set for it; all others of ours that could matter are unset.</param>
    /// <param name="arguments">Its command line.</param>
    public static RunningProgram Start(string folder, IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        StartWith("", folder, variables, arguments);

    /// <param name="input">All that comes in at its standard input.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="variables">Set for it; all others of ours that could matter are unset.</param>
    /// <param name="arguments">Its command line.</param>
    public static RunningProgram StartWith(
        string input, string folder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var published = Environment.GetEnvironmentVariable("OLHA_TEST_BINARY");
        var program = string.IsNullOrEmpty(published) ? Path.Combine(AppContext.BaseDirectory, "olha") : published;
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        foreach (var name in (string[])["PORT", "BIND", "DB_NAME", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "REGISTRATION", "LOG_LEVEL", "LOG_FORMAT",
                     "ALLOWED_HOSTS", "TRUSTED_PROXIES", "TLS_CERTIFICATE", "TLS_KEY", "ACME_DIRECTORY", "ACME_EMAIL", "ACME_ROOTS", "REDIRECT_PORT",
                     "BACKUP_DIR", "BACKUP_EVERY", "BACKUP_KEEP"])
            start.Environment.Remove(name);
        // The least that it takes: most of what a sign-up costs.
        start.Environment["PASSWORD_COST"] = variables.GetValueOrDefault("BIND") is "127.0.0.1" && !variables.ContainsKey("PUBLIC_URL") ? "4" : "10";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var process = Process.Start(start)!;
        using (process.StandardInput) process.StandardInput.Write(input);
        return new RunningProgram(process);
    }

    /// <summary>How it ended, and what it complained about.</summary>
    public async Task<(int Code, string Complaint)> EndedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
        await _reading;
        return (_process.ExitCode, await _complained);
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Asks it to stop, as Ctrl+C does.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>Ends it without a word, wherever it is.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.True(kill.ExitCode == 0 || _process.WaitForExit(1000), "It runs, and was not asked."); // or it had ended by itself
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_said) _said.AppendLine(line);
            var at = Math.Max(line.IndexOf("http://", StringComparison.Ordinal), line.IndexOf("https://", StringComparison.Ordinal));
            if (at >= 0 && Uri.TryCreate(line[at..].Split('"', ' ')[0], UriKind.Absolute, out var address) && address.IsLoopback)
                _listening.TrySetResult(address);
        }
        _listening.TrySetException(new InvalidOperationException($"It ended before it listened: {Said}"));
        _ = _listening.Task.Exception;
    }
}
