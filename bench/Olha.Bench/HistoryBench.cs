using BenchmarkDotNet.Attributes;
using Olha.Server.Messages;

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
    }

    [GlobalCleanup]
    public async Task EndAsync() => await _program!.DisposeAsync();

    [Benchmark(Baseline = true, Description = "the newest page")]
    public Task NewestAsync() => PageAsync(null);

    [Benchmark(Description = "a page from the middle")]
    public Task MiddleAsync() => PageAsync(Messages / 2);

    async Task PageAsync(long? before)
    {
        var page = await _program!.Reading.PageAsync(
            _program.Ana, LiveProgram.General, new PageQuery(before, null, null, PageQuery.DefaultLimit), CancellationToken.None);
        if (!page.TryGet(out var read, out _) || read.Messages.Count != PageQuery.DefaultLimit) throw new InvalidOperationException("This is no page.");
    }
}
