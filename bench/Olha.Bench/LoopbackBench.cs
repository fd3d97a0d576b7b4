using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Olha.Fanout;
using Olha.Sockets;

namespace Olha.Bench;

/// <summary>The same over sockets of this machine, which the same thread then reads empty: beside what the kernel alone takes.</summary>
public class LoopbackBench
{
    const int Listeners = 50;

    readonly Crowd _crowd = new(0);
    readonly EventLoop _loop = new("bench", NullLogger.Instance);
    readonly byte[] _heard = new byte[64 * 1024];
    Wire[] _wires = [];
    Frame[] _round = [];
    byte[] _block = [];

    [Params(1, 16)]
    public int Frames { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _round = _crowd.NextRound(Frames);
        _block = [.. _round.SelectMany(static it => it.Wire.ToArray())];
        _wires = [.. Enumerable.Range(0, Listeners).Select(_ => Wire.Connect(_loop))];
        foreach (var wire in _wires) _crowd.Join(wire.Connection);
    }

    [GlobalCleanup]
    public void Close()
    {
        foreach (var wire in _wires) wire.Dispose();
        _loop.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Listeners, Description = "send and recv alone, a listener")]
    public void Kernel()
    {
        foreach (var wire in _wires) wire.Socket.Send(_block);
        Hear();
    }

    [Benchmark(OperationsPerInvoke = Listeners, Description = "Hub.Send and recv, a listener")]
    public void Send()
    {
        _crowd.Hub.Send(_round);
        Hear();
    }

    void Hear()
    {
        foreach (var wire in _wires)
            for (var heard = 0; heard < _block.Length;) heard += wire.Other.Receive(_heard, SocketFlags.None);
    }
}
