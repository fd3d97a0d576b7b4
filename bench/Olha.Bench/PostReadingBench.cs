using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Olha.Protocol;

namespace Olha.Bench;

/// <summary>A client's post of 100 characters is read.</summary>
public class PostReadingBench
{
    readonly byte[] _post = Said.Post(100);

    [Benchmark(Baseline = true, Description = "post, by the serializer")]
    public object? BySerializer() => JsonSerializer.Deserialize(_post, ProtocolJson.Wire.ClientFrame);

    [Benchmark(Description = "post")]
    public object? Read() => HotJson.TryReadPost(_post);
}
