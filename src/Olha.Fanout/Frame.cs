namespace Olha.Fanout;

/// <summary>One text frame, encoded once and shared by every outbox it lies in.</summary>
/// <remarks>The bytes must never be written again: many sockets may be reading them.</remarks>
/// <param name="Text">UTF-8 payload, without the WebSocket header.</param>
/// <param name="Topic">Where it was said; default for frames meant for one socket.</param>
/// <param name="Rev">Its place in the topic's stream; 0 for frames that have none.</param>
/// <param name="Ephemeral">May be dropped under pressure: nobody will ask for it again.</param>
public sealed record Frame(ReadOnlyMemory<byte> Text, TopicId Topic = default, long Rev = 0, bool Ephemeral = false);
