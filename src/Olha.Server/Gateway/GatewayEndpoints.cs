using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>The two doors for sockets: the v1 protocol and the original's.</summary>
internal static class GatewayEndpoints
{
    public const string Subprotocol = "olha.v1";

    public static IServiceCollection AddGateway(this IServiceCollection services) => services
        .AddSingleton<ConnectionLimits>()
        .AddSingleton<Shutdown>().AddHostedService(it => it.GetRequiredService<Shutdown>())
        .AddSingleton<Doorway>()
        .AddSingleton<StartingState>()
        .AddSingleton<Welcoming>()
        .AddSingleton<ClientVerbs>()
        .AddSingleton<Heart>().AddHostedService(it => it.GetRequiredService<Heart>())
        .AddSingleton<OriginalRoom>().AddHostedService(it => it.GetRequiredService<OriginalRoom>());

    public static void MapGateway(this WebApplication app)
    {
        app.MapGet("/api/v1/socket", ClientAsync).RequireSession().RequireOrigin().ExcludeFromDescription();
        app.MapGet("/api/v1/state", StateAsync).RequireSession();
        app.MapGet("/api/ws/{userId}", OriginalAsync).RequireSession().RequireOrigin().ExcludeFromDescription();
    }

    static async Task ClientAsync(HttpContext context, Doorway doorway, ClientVerbs verbs)
    {
        if (!await IsUpgradeAsync(context)) return;

        // The client's list is only matched when it can be: without a common version the socket opens to say so.
        var common = context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(common ? Subprotocol : null);
        await doorway.ServeAsync(context, socket, v1: true, connection =>
        {
            if (!common) connection.Close(CloseCode.Version, retry: null);
            return new ClientSocket(connection, Caller.Of(context), verbs);
        });
    }

    static async Task<IResult> StateAsync(Caller caller, StartingState states, CancellationToken ct) =>
        TypedResults.Json((await states.ReadAsync(caller, hello: null, ct)).Welcome, ProtocolJson.Wire.Welcome);

    static async Task OriginalAsync(string userId, HttpContext context, Doorway doorway, OriginalRoom room)
    {
        var caller = Caller.Of(context);
        if (!long.TryParse(userId, out var id))
        {
            await Refusal.NotFound.ToProblem().ExecuteAsync(context);
            return;
        }
        if (id != caller.UserId)
        {
            await Refusal.Forbidden.ToProblem().ExecuteAsync(context);
            return;
        }
        if (!await IsUpgradeAsync(context)) return;

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = TimeSpan.FromSeconds(20),
            KeepAliveTimeout = TimeSpan.FromSeconds(20),
        });
        await doorway.ServeAsync(context, socket, v1: false, connection => room.Enter(connection, caller));
    }

    static async ValueTask<bool> IsUpgradeAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest) return true;
        context.Response.Headers.Upgrade = "websocket";
        await Refusal.NoUpgrade.ToProblem().ExecuteAsync(context);
        return false;
    }
}
