using System.Collections.Frozen;
using Olha.Protocol;
using Olha.Server.Accounts;

namespace Olha.Server.Gateway;

/// <summary>What an access token needs for each frame. One that is missing here no token may send.</summary>
internal static class FrameScopes
{
    public static FrozenDictionary<Type, Scope> Needed { get; } = new Dictionary<Type, Scope>
    {
        [typeof(Hello)] = Scope.Read,
        [typeof(Post)] = Scope.Write,
        [typeof(MoveMark)] = Scope.Write,
        [typeof(Typing)] = Scope.Write,
        [typeof(Attention)] = Scope.Read,
        [typeof(Pong)] = Scope.Read,
    }.ToFrozenDictionary();

    /// <summary>Null when the caller may send the frame; what is no frame at all is refused for that.</summary>
    public static Refusal? WhyNot(Caller caller, ClientFrame? frame) =>
        frame is null || frame.GetType() == typeof(ClientFrame) ? null
        : caller.WhyNot(Needed.TryGetValue(frame.GetType(), out var scope) ? scope : null);
}
