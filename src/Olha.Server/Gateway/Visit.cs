using Olha.Fanout;
using Olha.Sockets;

namespace Olha.Server.Gateway;

/// <summary>One open socket from its upgrade to its end: what is read goes to its frames, and when it is gone it leaves.</summary>
internal sealed partial class Visit : ISocketReader, IThreadPoolWorkItem
{
    readonly UpgradedSocket _socket;
    readonly Connection _connection;
    readonly FrameReader _frames;
    readonly Action _leave;
    readonly ILogger _log;

    /// <param name="socket">The socket.</param>
    /// <param name="connection">Its writing half.</param>
    /// <param name="handler">What its frames are for; null: it is only being closed.</param>
    /// <param name="leave">Called once, when the socket is gone. On the thread pool.</param>
    /// <param name="log">For what goes wrong.</param>
    public Visit(UpgradedSocket socket, Connection connection, FrameHandler? handler, Action leave, ILogger log)
    {
        (_socket, _connection, _leave, _log) = (socket, connection, leave, log);
        _frames = new FrameReader(connection, handler, socket.ReadOn);
    }

    public bool Take(Memory<byte> bytes)
    {
        try
        {
            var more = _frames.Take(bytes);
            if (_frames.OtherClosed) _socket.OtherFinished();
            else if (_frames.Failed) _socket.Fail();
            return more;
        }
        catch (Exception cause)
        {
            FrameFailed(cause);
            _connection.Abort();
            return true;
        }
    }

    public void Writable() => _connection.Writable();

    // Ten thousand may go at once, and others wait for this thread.
    public void Ended()
    {
        _frames.End();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _leave();

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame was not handled")]
    partial void FrameFailed(Exception cause);
}
