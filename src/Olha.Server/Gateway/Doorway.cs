using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Presence;

namespace Olha.Server.Gateway;

/// <summary>What both doors have in common: a socket is counted, listens for the end of its session, is read until it ends,
/// and leaves nothing behind.</summary>
internal sealed partial class Doorway(
    Hub hub, Sessions sessions, ConnectionLimits limits, PresenceBoard presence, Shutdown shutdown, SocketCounts counts, TimeProvider clock,
    ILogger<Doorway> log)
{
    static readonly OutboxLimits s_outbox = new();

    /// <summary>Upgrades a request and begins to serve its socket, which may outlive the request.</summary>
    /// <param name="context">The request, checked to be an upgrade.</param>
    /// <param name="subprotocol">The one that is spoken; null: none.</param>
    /// <param name="v1">Whether the v1 protocol is spoken: frames wait for the welcome, and <c>bye</c> is understood.</param>
    /// <param name="begin">Told the connection before anything is read; makes what handles its frames.</param>
    public async Task ServeAsync(HttpContext context, string? subprotocol, bool v1, Func<Connection, FrameHandler> begin)
    {
        var caller = Caller.Of(context);
        var token = SessionToken.Of(context.Request);
        if (await UpgradedSocket.AcceptAsync(context, subprotocol) is not { } socket) return;
        using var stream = socket as IDisposable;
        var connection = new Connection(socket, caller.SessionId, s_outbox, clock, held: v1)
        {
            TakesFarewell = v1,
            Overflowed = static it => it.Close(CloseCode.Slow, TimeSpan.FromSeconds(1)),
        };

        var full = limits.Enter(caller.UserId);
        shutdown.Enter();
        hub.Add(connection);
        hub.Join(Topics.Sockets(caller.UserId), connection);
        FrameHandler? handler = null;
        try
        {
            if (full is { } code)
                connection.Close(code, code == CloseCode.TooManyConnections ? null : shutdown.RetryDelay());
            else if (shutdown.Started)
                connection.Close(CloseCode.Restart, shutdown.RetryDelay());
            // The session may have ended between the request and the moment when this socket began to listen for its end.
            else if (token is null || await sessions.CallerAsync(token, CancellationToken.None) is null)
                connection.Close(CloseCode.SessionEnded, retry: null);
            else
            {
                handler = begin(connection);
                await presence.CameAsync(caller.UserId);
            }
        }
        catch (Exception)
        {
            connection.Abort();
            Leave();
            throw;
        }
        await socket.ServeAsync(new Visit(socket, connection, handler, Leave, log));

        void Leave() => _ = LeaveAsync(caller, connection, handler, counted: full is null);
    }

    async Task LeaveAsync(Caller caller, Connection connection, FrameHandler? handler, bool counted)
    {
        try
        {
            connection.Finish();
            counts.Ended(connection);
            hub.Remove(connection);
            if (counted) limits.Leave(caller.UserId);
            if (handler is null) return;
            handler.Dispose();
            await presence.WentAsync(caller.UserId, handler.IsActive);
        }
        catch (Exception cause)
        {
            LeavingFailed(cause);
        }
        finally
        {
            shutdown.Leave();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A socket has gone, but not everybody could be told")]
    partial void LeavingFailed(Exception cause);
}
