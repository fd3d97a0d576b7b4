using BenchmarkDotNet.Attributes;

namespace Olha.Bench;

/// <summary>Masked frames of a post of 100 characters become messages. Time is that of one frame.</summary>
public class FrameReaderBench
{
    const int Many = 100;

    readonly Listening _one = new(Said.Masked(Said.Post(100)));
    readonly Listening _many = new([.. Enumerable.Repeat(Said.Masked(Said.Post(100)), Many).SelectMany(static it => it)]);

    [Benchmark(Description = "a frame that came whole")]
    public void Whole() => _one.Hear();

    [Benchmark(Description = "a frame that came in two parts")]
    public void InTwo() => _one.HearInTwo();

    [Benchmark(OperationsPerInvoke = Many, Description = "one of 100 that came together")]
    public void Together() => _many.Hear();
}
