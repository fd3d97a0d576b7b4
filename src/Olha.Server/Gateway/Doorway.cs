using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Presence;

namespace Olha.Server.Gateway;

/// <summary>What both doors have in common: a socket is counted, listens for the end of its session, is read until it ends,
/// and leaves nothing behind.</summary>
internal sealed partial class Doorway(
    Hub hub, Sessions sessions, ConnectionLimits limits, PresenceBoard presence, Shutdown shutdown, TimeProvider clock, ILogger<Doorway> log)
{
    /// <summary>Time for the other side to answer a close.</summary>
    static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Time for a client of the original to answer the ping that it is welcomed with.</summary>
    static readonly TimeSpan s_pongWithin = TimeSpan.FromSeconds(1);
    static readonly OutboxLimits s_outbox = new();

    /// <summary>Serves a socket until it is gone.</summary>
    /// <param name="context">The request that was upgraded.</param>
    /// <param name="socket">The open socket.</param>
    /// <param name="v1">Whether the v1 protocol is spoken: frames wait for the welcome (otherwise for the answer to a ping), and <c>bye</c> is understood.</param>
    /// <param name="begin">Told the connection before anything is read; makes what handles its frames.</param>
    public async Task ServeAsync(HttpContext context, UpgradedSocket socket, bool v1, Func<Connection, FrameHandler> begin)
    {
        var caller = Caller.Of(context);
        var connection = new Connection(socket, caller.SessionId, s_outbox, clock, held: true)
        {
            TakesFarewell = v1,
            Overflowed = static it => it.Close(CloseCode.Slow, TimeSpan.FromSeconds(1)),
        };
        var full = limits.Enter(caller.UserId);
        hub.Add(connection);
        hub.Join(Topics.Sockets(caller.UserId), connection);
        FrameHandler? handler = null;
        try
        {
            if (full is { } code)
                connection.Close(code, code == CloseCode.TooManyConnections ? null : shutdown.RetryDelay());
            else if (shutdown.Started)
                connection.Close(CloseCode.Restart, shutdown.RetryDelay());
            else if (!await StillSignedInAsync(context))
                connection.Close(CloseCode.SessionEnded, retry: null);
            else
            {
                handler = begin(connection);
                await presence.CameAsync(caller.UserId);
            }
            // At the v1 door the client speaks first: then it has our answer to its request, and nothing else of ours was in the pipes.
            if (v1 || handler is null) await ReadAsync(socket, connection, handler, first: socket.GoDirect, ponged: null);
            else await PingAndReadAsync(socket, connection, handler);
        }
        finally
        {
            hub.Remove(connection);
            if (full is null) limits.Leave(caller.UserId);
            if (handler is not null)
            {
                handler.Dispose();
                await presence.WentAsync(caller.UserId);
            }
            connection.Finish();
        }
    }

    // The session may have ended between the request and the moment when this socket began to listen for its end.
    async ValueTask<bool> StillSignedInAsync(HttpContext context) =>
        SessionToken.Of(context.Request) is { } token && await sessions.CallerAsync(token, CancellationToken.None) is not null;

    // This client says nothing by itself that would show that it has our answer to its request: it is asked, and until it answers
    // frames wait. Who knows no pings gets them a moment later.
    async Task PingAndReadAsync(UpgradedSocket socket, Connection connection, FrameHandler handler)
    {
        await using var late = clock.CreateTimer(static it => ((Connection)it!).Release(static _ => true), connection, s_pongWithin, Timeout.InfiniteTimeSpan);
        await socket.Stream.WriteAsync(Frame.Ping.Wire);
        await ReadAsync(socket, connection, handler, first: null, Ponged);

        void Ponged()
        {
            socket.GoDirect();
            connection.Release(static _ => true);
        }
    }

    async Task ReadAsync(UpgradedSocket socket, Connection connection, FrameHandler? handler, Action? first, Action? ponged)
    {
        var reading = ReadFramesAsync(new FrameReader(socket.Stream, connection, ponged), connection, message =>
        {
            if (handler is null || connection.IsClosing) return ValueTask.CompletedTask;
            first?.Invoke();
            first = null;
            return handler.TakeAsync(message);
        });
        await Task.WhenAny(reading, connection.Closed);

        // We closed, or answered a close: what is still to be written and the other side's end have a moment.
        try
        {
            await Task.WhenAll(reading, connection.Closed).WaitAsync(s_goodbye, clock);
        }
        catch (TimeoutException)
        {
            connection.Abort();
            await reading;
        }
    }

    async Task ReadFramesAsync(FrameReader reader, Connection connection, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        try
        {
            var why = await reader.ReadAsync(take);
            if (why is { } code)
            {
                connection.Close(code, retry: null);
                await reader.DiscardAsync();
            }
            else if (!connection.IsClosing) connection.Abort(); // gone without a word
        }
        catch (Exception cause) when (cause is OperationCanceledException or IOException or InvalidOperationException)
        {
            SocketBroke(cause.Message);
            connection.Abort();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A socket broke: {Reason}")]
    partial void SocketBroke(string reason);
}
