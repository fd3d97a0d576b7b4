using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>Who asks: the account, and the session or the access token that a request or a socket came with.</summary>
/// <param name="UserId">The account.</param>
/// <param name="SessionId">The session; of an access token its id below zero, so that no session's sockets are taken for its own.</param>
/// <param name="Username">The account's name.</param>
/// <param name="Role">What the account may do.</param>
/// <param name="Scopes">What the access token may do; null: it is a session, which may do all that the account may.</param>
internal sealed record Caller(long UserId, long SessionId, string Username, Role Role, IReadOnlyList<Scope>? Scopes = null)
{
    /// <summary>SHA-256 of the secret that was shown: what still holds under a lock must hold of this one, not of a later one.</summary>
    public byte[] SecretHash { get; init; } = [];

    /// <summary>For handlers behind <see cref="SessionGate.RequireSession"/>.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(Of(context));

    /// <summary>Who asks, for endpoints behind <see cref="SessionGate.RequireSession"/>.</summary>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint does not require a session.");

    /// <summary>Null when what needs this scope may be done; null as a scope stands for what no token may do. A scope includes those
    /// below it: who may write may read.</summary>
    public Refusal? WhyNot(Scope? needed) =>
        Scopes is null || (needed is { } scope && Scopes.Any(held => held >= scope)) ? null : Refusal.OutOfScope;
}
