using BenchmarkDotNet.Attributes;
using Olha.Fanout;

namespace Olha.Bench;

/// <summary>A round of frames to everybody in a room. Time is that of one listener; the socket's stand-in counts bytes.</summary>
public class DeliveryBench
{
    const int Listeners = 1000;

    readonly Crowd _crowd = new(Listeners);
    Frame[] _round = [];

    [Params(1, 16)]
    public int Frames { get; set; }

    [GlobalSetup]
    public void Prepare() => _round = _crowd.NextRound(Frames);

    [Benchmark(OperationsPerInvoke = Listeners, Description = "Hub.Send, a listener")]
    public int Send() => _crowd.Hub.Send(_round);
}
