using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Olha.Load;

/// <summary>A program that the bench started, and stops.</summary>
internal sealed partial class Child : IAsyncDisposable
{
    const int Terminate = 15;
    const int MostLines = 1000;
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>What the load tool says at the ends of the time that counts.</summary>
    public const string Counting = "counting", Counted = "counted";

    readonly Process _process;
    readonly Queue<string> _said = new();
    readonly Dictionary<string, TaskCompletionSource> _awaited = [];
    readonly Task _listening;

    Child(Process process)
    {
        _process = process;
        _listening = Task.WhenAll(ListenAsync(process.StandardOutput), ListenAsync(process.StandardError));
    }

    public int Id => _process.Id;
    public bool HasEnded => _process.HasExited;

    /// <summary>The last that it has said.</summary>
    public string Said
    {
        get { lock (_said) return string.Join('\n', _said); }
    }

    /// <summary>The command line as one would type it.</summary>
    public required string Command { get; init; }

    /// <summary>Starts it, and prints its command line.</summary>
    /// <param name="cpus">The cores it may run on, as taskset has them; null: all.</param>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">As they are, unquoted.</param>
    /// <param name="environment">Variables to set; null unsets one.</param>
    /// <param name="folder">Where it runs.</param>
    public static Child Start(
        string? cpus, string program, IEnumerable<string> arguments, IEnumerable<(string Name, string? Value)> environment, string folder)
    {
        List<string> line = cpus is null ? [program, .. arguments] : ["taskset", "-c", cpus, program, .. arguments];
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var set = environment.Where(it => it.Value is not null).Select(it => $"{it.Name}={Quoted(it.Value!)}");
        var command = Workbench.Shown(string.Join(' ', set.Concat(line.Select(Quoted))));
        Console.WriteLine($"$ {command}");
        return new Child(Process.Start(start)!) { Command = command };
    }

    /// <summary>Waits until it says a line, for the first time or before this was called.</summary>
    public async Task SaysAsync(string line, CancellationToken ct)
    {
        Task said;
        lock (_said) said = Awaited(line).Task;
        await Task.WhenAny(said, _listening).WaitAsync(ct);
        if (!said.IsCompleted) throw new BenchException($"{Command}\nended before it said {line}:\n{Said}");
    }

    /// <summary>Waits for its end and answers what it said.</summary>
    public async Task<string> FinishAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_longest);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (!_process.HasExited) throw new BenchException($"{Command}\nhad not ended after {s_longest.TotalMinutes:0} minutes:\n{Said}");
        await _listening;
        return _process.ExitCode == 0 ? Said : throw new BenchException($"{Command}\nended with {_process.ExitCode}:\n{Said}");
    }

    /// <summary>Asks it to end, and makes it end when it takes too long.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        _ = Kill(_process.Id, Terminate);
        using var patience = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_process.HasExited) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _listening;
        _process.Dispose();
    }

    async Task ListenAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
            lock (_said)
            {
                if (_said.Count == MostLines) _said.Dequeue();
                _said.Enqueue(line);
                if (line is Counting or Counted) Awaited(line).TrySetResult();
            }
    }

    TaskCompletionSource Awaited(string line)
    {
        if (!_awaited.TryGetValue(line, out var it)) _awaited[line] = it = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return it;
    }

    static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-,=:%".Contains(c)) ? word : $"'{word}'";

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
