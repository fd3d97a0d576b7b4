using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>Who asks: the account and the session that a request or a socket came with.</summary>
internal sealed record Caller(long UserId, long SessionId, string Username, Role Role)
{
    /// <summary>For handlers behind <see cref="SessionGate.RequireSession"/>.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(Of(context));

    /// <summary>Who asks, for endpoints behind <see cref="SessionGate.RequireSession"/>.</summary>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint does not require a session.");
}
