using BenchmarkDotNet.Attributes;

namespace Olha.Bench;

/// <summary>Posts through the program's own verb, acknowledged after a commit at <c>synchronous=FULL</c>. Time and bytes are those
/// of one post, on all threads.</summary>
public class DurableWritesBench
{
    const int Some = 100, Many = 1000;

    LiveProgram? _program;

    [GlobalSetup]
    public async Task PrepareAsync() => _program = await LiveProgram.StartAsync();

    [GlobalCleanup]
    public async Task EndAsync() => await _program!.DisposeAsync();

    [Benchmark(Description = "durable writes, one at a time")]
    public Task OneAsync() => _program!.PostAsync(1);

    [Benchmark(OperationsPerInvoke = Some, Description = "durable writes, 100 at once")]
    public Task SomeAsync() => _program!.PostAsync(Some);

    [Benchmark(OperationsPerInvoke = Many, Description = "durable writes, 1,000 at once")]
    public Task ManyAsync() => _program!.PostAsync(Many);
}
