using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Bench;

/// <summary>A message of 100 characters becomes a frame, once for all who hear it.</summary>
public class EncodingBench
{
    readonly MessageChange _change = Said.Change(100);
    readonly Ack _ack = Said.Ack();

    [Benchmark(Description = "change, by the serializer")]
    public object ChangeBySerializer() =>
        Frame.Text(JsonSerializer.SerializeToUtf8Bytes(_change, ProtocolJson.Wire.Change), Crowd.Room, _change.Rev, _change);

    [Benchmark(Description = "change")]
    public object Change() => FrameEncoder.Encode(Crowd.Room, _change);

    [Benchmark(Description = "acknowledgement, by the serializer")]
    public object AckBySerializer() => Frame.Text(JsonSerializer.SerializeToUtf8Bytes(_ack, ProtocolJson.Wire.ServerFrame));

    [Benchmark(Description = "acknowledgement")]
    public object Ack() => FrameEncoder.Encode(_ack);
}
