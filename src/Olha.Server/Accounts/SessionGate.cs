using Olha.Protocol;
using Olha.Server.Http;

namespace Olha.Server.Accounts;

/// <summary>Lets only those through who are signed in, on the endpoints that ask for it.</summary>
/// <remarks>It stands before the handler's parameters are read: who is not signed in learns nothing about their body.</remarks>
internal static class SessionGate
{
    /// <summary>401 <c>no_session</c> for requests without one; a handler's <see cref="Caller"/> is then never null.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(Required.Instance, Required.Answer);

    public static IApplicationBuilder UseSessionGate(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Required>() is not null)
        {
            var sessions = context.RequestServices.GetRequiredService<Sessions>();
            var caller = SessionToken.Of(context.Request) is { } token ? await sessions.CallerAsync(token, context.RequestAborted) : null;
            if (caller is null)
            {
                await Refusal.NoSession.ToProblem().ExecuteAsync(context);
                return;
            }
            context.Features.Set(caller);
        }
        await next(context);
    });

    sealed class Required
    {
        public static readonly Required Instance = new();

        /// <summary>Tells the interface's description what happens without a session.</summary>
        public static readonly ProducesResponseTypeMetadata Answer = new(401, typeof(Problem), ["application/problem+json"]);
    }
}
