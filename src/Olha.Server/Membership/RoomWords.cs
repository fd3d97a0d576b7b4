using System.Diagnostics.CodeAnalysis;
using Olha.Protocol;

namespace Olha.Server.Membership;

/// <summary>What a room may be called and what it may be about.</summary>
internal static class RoomWords
{
    public const int LongestName = 64;
    public const int LongestTopic = 250;

    public static bool TryReadName(string? text, [NotNullWhen(true)] out string? name) => PlainLine.TryRead(text, LongestName, out name);

    /// <param name="text">As it was sent; nothing but blanks: no topic.</param>
    /// <param name="topic">The topic, or null for none.</param>
    public static bool TryReadTopic(string? text, out string? topic)
    {
        topic = null;
        return string.IsNullOrWhiteSpace(text) || PlainLine.TryRead(text, LongestTopic, out topic);
    }
}
