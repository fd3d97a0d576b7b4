using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Olha.Proof;

/// <summary>The real program as a process that can be killed, stopped and started again on the same data and the same port.</summary>
internal sealed class Node : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly NodeOptions _options;
    readonly StringBuilder _complained = new();
    Process? _process;
    Task _reading = Task.CompletedTask;

    public Node(NodeOptions options) => _options = options;

    /// <summary>Where it listens: stays the same over restarts.</summary>
    public Uri Address => _options.Address;

    /// <summary>Its database file, where it has one.</summary>
    public string DatabaseFile => _options.Variables["DB_NAME"];

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The node has not been started.");

    public bool HasExited => _process is null or { HasExited: true };

    /// <summary>The exit code of a node that has ended.</summary>
    public int ExitCode => _process!.ExitCode;

    /// <summary>What it wrote to its log at level warning and above, and to standard error, over all its lives.</summary>
    public string Complained
    {
        get { lock (_complained) return _complained.ToString(); }
    }

    /// <summary>Starts it and waits until it may take traffic.</summary>
    /// <returns>From the start of the process until <c>/ready</c> said yes.</returns>
    public async Task<TimeSpan> StartAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var command = _options.Before.Concat(_options.Program).ToArray();
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _options.Folder,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("LIMIT_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in _options.Variables) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        while (Stopwatch.GetElapsedTime(began) < s_patience)
        {
            if (_process.HasExited) throw new ProofException($"The node ended with {_process.ExitCode} before it was ready: {Complained}");
            try
            {
                using var answer = await http.GetAsync(new Uri("/ready", UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode) return Stopwatch.GetElapsedTime(began);
            }
            catch (HttpRequestException) { }
            catch (TaskCanceledException) when (!ct.IsCancellationRequested) { }
            await Task.Delay(5, ct);
        }
        throw new ProofException($"The node was not ready after {s_patience}: {Complained}");
    }

    /// <summary>Runs one of the program's commands with the node's settings, whether the node runs or not.</summary>
    /// <returns>Its exit code, and all that it said and complained about.</returns>
    public async Task<(int Code, string Said)> CommandAsync(CancellationToken ct, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(_options.Program[0], [.. _options.Program.Skip(1), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _options.Folder,
        };
        foreach (var (name, value) in _options.Variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, string.Concat(said).Trim());
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await EndedAsync();
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    /// <returns>Its exit code and how long that took.</returns>
    public async Task<(int Code, TimeSpan Took)> StopAsync()
    {
        var began = Stopwatch.GetTimestamp();
        Signal("TERM");
        await EndedAsync();
        return (_process!.ExitCode, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Sends a signal by its name without <c>SIG</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{ProcessId}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself or by a signal.</summary>
    public async Task EndedAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(s_patience);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    async Task ReadAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
            lock (_complained)
                if (!IsInformation(line)) _complained.AppendLine(line);
    }

    static bool IsInformation(string line)
    {
        if (!line.StartsWith('{')) return false;
        using var said = JsonDocument.Parse(line);
        return said.RootElement.TryGetProperty("LogLevel", out var level) && level.GetString() is "Information" or "Debug" or "Trace";
    }
}

/// <summary>How a node is started.</summary>
/// <param name="Program">The program and its arguments: a published file, or <c>dotnet</c> and a library.</param>
/// <param name="Folder">Its working directory, where its data lie.</param>
/// <param name="Address">Where it is to listen.</param>
/// <param name="Variables">Set for it.</param>
/// <param name="Before">A command that starts it, as <c>strace</c> does; usually empty.</param>
internal sealed record NodeOptions(
    IReadOnlyList<string> Program, string Folder, Uri Address, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Before)
{
    /// <summary>One person's server as it comes, on SQLite or on the PostgreSQL that <paramref name="databaseUrl"/> names, without limits.</summary>
    public static NodeOptions Plain(IReadOnlyList<string> program, string folder, int port, string? databaseUrl = null, string? redisUrl = null) =>
        new(program, folder, new Uri($"http://127.0.0.1:{port}"), new Dictionary<string, string>
        {
            ["PORT"] = $"{port}", ["BIND"] = "127.0.0.1", ["LOG_FORMAT"] = "json", ["LOG_LEVEL"] = "info",
            ["DB_NAME"] = Path.Combine(folder, "olha.db"), ["DATABASE_URL"] = databaseUrl ?? "", ["REDIS_URL"] = redisUrl ?? "",
            ["PUBLIC_URL"] = "", ["REGISTRATION"] = "open", ["DRAIN_SECONDS"] = "5",
            ["LIMIT_MESSAGES_PER_SECOND"] = "0", ["LIMIT_MESSAGE_BURST"] = "0", ["LIMIT_CONNECTIONS_PER_USER"] = "0", ["LIMIT_CONNECTIONS"] = "0",
            ["LIMIT_LOGINS_PER_MINUTE"] = "0", ["LIMIT_REGISTRATIONS_PER_HOUR"] = "0", ["PASSWORD_COST"] = "4",
        }, []);
}

/// <summary>The proof itself could not go on: a node that does not start, a tool that is missing. Never a finding about the server's promises.</summary>
internal sealed class ProofException(string message) : Exception(message);
