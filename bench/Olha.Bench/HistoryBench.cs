using BenchmarkDotNet.Attributes;

namespace Olha.Bench;

/// <summary>A page of 50 messages, read by a member from a room that has 100,000.</summary>
public class HistoryBench
{
    const int Messages = 100_000, Together = 1000;

    LiveProgram? _program;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _program = await LiveProgram.StartAsync();
        for (var i = 0; i < Messages; i += Together) await _program.PostAsync(Together);
        await _program.ReadAllAsync(); // or what is unread would be counted with each page: 0.07 µs a message
    }

    [GlobalCleanup]
    public async Task EndAsync() => await _program!.DisposeAsync();

    [Benchmark(Description = "the newest page")]
    public async Task<object> NewestAsync() => await _program!.PageAsync(null);

    [Benchmark(Description = "a page from the middle")]
    public async Task<object> MiddleAsync() => await _program!.PageAsync(Messages / 2);
}
