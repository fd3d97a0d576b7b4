using System.Text.Json;
using System.Text.Json.Serialization;
using Olha.Protocol;

namespace Olha.Server.Watch;

/// <summary>What a node tells the others, again and again: how it is, and whom it hears.</summary>
/// <param name="From">Its id.</param>
/// <param name="Stamp">Its own clock, which means nothing to anybody else: they say it back.</param>
/// <param name="State">How it is; null: it ends, and this is the last of it.</param>
/// <param name="Heard">Whom it hears. Where there are many, some of them at a time.</param>
internal sealed record NodeBeat(string From, long Stamp, NodeState? State, IReadOnlyList<NodeEcho> Heard)
{
    /// <summary>As many fit into one call over PostgreSQL, beside the rest.</summary>
    public const int MostHeard = 32;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, NodeJson.Default.NodeBeat);

    /// <summary>Reads one; null: it is none that is understood here, of another version perhaps.</summary>
    public static NodeBeat? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var beat = JsonSerializer.Deserialize(bytes, NodeJson.Default.NodeBeat);
            return beat is null || beat.Heard.Contains(null!) || beat.State?.Reasons.Contains(null!) is true ? null : beat;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One node hears another: said for all, and back to the other one so that it knows how long word takes.</summary>
/// <param name="To">The other's id.</param>
/// <param name="Stamp">What its last beat was stamped with.</param>
/// <param name="HeldMs">Milliseconds since it was heard, by the clock of who says it back.</param>
/// <param name="RoundTripMs">What this node has measured itself; null: nothing yet.</param>
internal sealed record NodeEcho(string To, long Stamp, double HeldMs, double? RoundTripMs);

/// <summary>Beats as JSON. What a version adds needs a default value: others that run beside it do not say it.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(NodeBeat))]
internal sealed partial class NodeJson : JsonSerializerContext;
