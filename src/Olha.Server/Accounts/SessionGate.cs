using Olha.Protocol;
using Olha.Server.Http;

namespace Olha.Server.Accounts;

/// <summary>Lets only those through who are signed in, on the endpoints that ask for it, and access tokens only where their scopes
/// lead.</summary>
/// <remarks>It stands before the handler's parameters are read: who is not signed in learns nothing about their body.</remarks>
internal static class SessionGate
{
    const string Administration = "/api/v1/admin/";

    /// <summary>401 <c>no_session</c> for requests without one; a handler's <see cref="Caller"/> is then never null. An access token needs
    /// <c>read</c> to look and <c>write</c> for anything else, under <c>/admin</c> it needs <c>admin</c>.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(Required.Instance, Required.Answer);

    /// <summary>Says which scope an access token needs here, where method and path don't.</summary>
    public static TBuilder NeedsScope<TBuilder>(this TBuilder builder, Scope scope) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Needs(scope));

    /// <summary>No access token may come here, whatever its scopes: what is about the account itself.</summary>
    public static TBuilder ForSessionsOnly<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Needs(null));

    public static IApplicationBuilder UseSessionGate(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<Required>() is not null)
        {
            var sessions = context.RequestServices.GetRequiredService<Sessions>();
            var caller = SessionToken.Of(context.Request) is { } token ? await sessions.CallerAsync(token, context.RequestAborted) : null;
            if ((caller is null ? Refusal.NoSession : caller.WhyNot(ScopeOf(endpoint, context.Request.Method))) is { } refusal)
            {
                await refusal.ToProblem().ExecuteAsync(context);
                return;
            }
            context.Features.Set(caller);
        }
        await next(context);
    });

    /// <summary>The scope that an access token needs; null: none is enough.</summary>
    public static Scope? ScopeOf(Endpoint endpoint, string method) =>
        endpoint.Metadata.GetMetadata<Needs>() is { } needs ? needs.Scope
        : IsAdministration(endpoint) ? Scope.Admin
        : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? Scope.Read
        : Scope.Write;

    static bool IsAdministration(Endpoint endpoint) =>
        endpoint is not RouteEndpoint { RoutePattern.RawText: { } path } || path.StartsWith(Administration, StringComparison.Ordinal);

    sealed record Needs(Scope? Scope);

    sealed class Required
    {
        public static readonly Required Instance = new();

        /// <summary>Tells the interface's description what happens without a session.</summary>
        public static readonly ProducesResponseTypeMetadata Answer = new(401, typeof(Problem), ["application/problem+json"]);
    }
}
