using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>The two doors for sockets: the v1 protocol and the original's.</summary>
internal static class GatewayEndpoints
{
    public const string Subprotocol = "olha.v1";

    const string Version = "13";

    public static IServiceCollection AddGateway(this IServiceCollection services) => services
        .AddSingleton<SocketCounts>()
        .AddSingleton<ConnectionLimits>().AddHostedService(it => it.GetRequiredService<ConnectionLimits>())
        // Before the shutdown, so that it is stopped after it.
        .AddSingleton<OriginalCrowd>().AddHostedService(it => it.GetRequiredService<OriginalCrowd>())
        .AddSingleton<Shutdown>().AddHostedService(it => it.GetRequiredService<Shutdown>())
        .AddSingleton<Doorway>()
        .AddSingleton<StartingState>()
        .AddSingleton<Welcoming>()
        .AddSingleton<ClientVerbs>()
        .AddSingleton<EndedSessions>().AddHostedService(it => it.GetRequiredService<EndedSessions>())
        .AddSingleton<Heart>().AddHostedService(it => it.GetRequiredService<Heart>())
        .AddSingleton<OriginalRoom>().AddHostedService(it => it.GetRequiredService<OriginalRoom>());

    /// <summary>Over HTTP/2, which browsers speak with TLS, a WebSocket is one of many requests on a connection and asked for with CONNECT
    /// (RFC 8441). To routes and guards it is what it is over HTTP/1.1.</summary>
    public static void UseSocketsOverHttp2(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (IsSocketOverHttp2(context)) context.Request.Method = HttpMethods.Get;
        return next(context);
    });

    public static void MapGateway(this WebApplication app)
    {
        app.MapGet("/api/v1/socket", ClientAsync).RequireSession().ExcludeFromDescription();
        app.MapGet("/api/v1/state", StateAsync).RequireSession().WithSummary("The whole starting state, as the socket welcomes with");
        app.MapGet("/api/ws/{userId}", OriginalAsync).RequireSession().ForSessionsOnly().ExcludeFromDescription();
    }

    static async Task ClientAsync(HttpContext context, OriginCheck origin, Doorway doorway, ClientVerbs verbs)
    {
        if (WhyNotUpgrade(context, origin) is { } refusal)
        {
            await refusal.ToProblem().ExecuteAsync(context);
            return;
        }

        // The client's list is only matched when it can be: without a common version the socket opens to say so.
        var common = context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol);
        var caller = Caller.Of(context);
        await doorway.ServeAsync(context, common ? Subprotocol : null, v1: true, connection =>
        {
            if (!common) connection.Close(CloseCode.Version, retry: null);
            return new ClientSocket(connection, caller, verbs);
        });
    }

    static async Task<Ok<Welcome>> StateAsync(Caller caller, StartingState states, CancellationToken ct) =>
        TypedResults.Ok((await states.ReadAsync(caller, hello: null, ct)).Welcome);

    static async Task OriginalAsync(string userId, HttpContext context, OriginCheck origin, Doorway doorway, OriginalRoom room)
    {
        var caller = Caller.Of(context);
        var refusal = !long.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Refusal.NotFound
            : id != caller.UserId ? Refusal.Forbidden
            : WhyNotUpgrade(context, origin) ?? await room.WhyNotEnterAsync(caller, context.RequestAborted);
        if (refusal is not null)
        {
            await refusal.ToProblem().ExecuteAsync(context);
            return;
        }

        await doorway.ServeAsync(context, subprotocol: null, v1: false, connection => room.Enter(connection, caller));
    }

    static Refusal? WhyNotUpgrade(HttpContext context, OriginCheck origin)
    {
        if (origin.WhyNotFrom(context.Request) is { } refusal) return refusal;
        // RFC 6455, 4.1 asks for HTTP/1.1 at least, and for one version alone.
        var request = context.Request;
        var asked = IsSocketOverHttp2(context) || (context.WebSockets.IsWebSocketRequest && HttpProtocol.IsHttp11(request.Protocol));
        if (asked && request.Headers.SecWebSocketVersion == Version) return null;

        // What would be taken instead (RFC 9110, 15.5.22 and RFC 6455, 4.4).
        var headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.SecWebSocketVersion = Version;
        headers.Connection = "Upgrade";
        return Refusal.NoUpgrade;
    }

    static bool IsSocketOverHttp2(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };
}
