namespace Olha.Sockets;

/// <summary>A feature of a connection: its socket can be taken out of the framework's hands.</summary>
public interface ISocketHandover
{
    /// <summary>Takes the socket once all that was written to the connection has gone out. For whoever serves the connection's last
    /// request and reads and writes through it no more: to the framework the connection has ended.</summary>
    /// <exception cref="IOException">The socket is gone.</exception>
    ValueTask<DirectSocket> TakeSocketAsync();
}

/// <summary>Who serves a socket that was taken. Called on the socket's loop, by one thread at a time: must not block.</summary>
public interface ISocketReader
{
    /// <summary>Bytes have come; they are borrowed for the call and may be changed. Called with none after
    /// <see cref="DirectSocket.ReadOn"/>, whether or not more has come.</summary>
    /// <returns>Whether more is welcome; otherwise nothing is read until <see cref="DirectSocket.ReadOn"/>.</returns>
    bool Take(Memory<byte> bytes);

    /// <summary>The socket takes bytes again. May come without need.</summary>
    void Writable();

    /// <summary>Nothing comes any more: the other side has ended, or the socket broke or was cut. The last call.</summary>
    void Ended();
}
