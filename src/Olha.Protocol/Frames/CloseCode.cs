namespace Olha.Protocol;

/// <summary>Why the server closes a socket. Up to 4499: come back, with jitter. From 4500: do not.</summary>
public enum CloseCode
{
    /// <summary>RFC 6455: frames that are put together wrongly.</summary>
    Framing = 1002,
    /// <summary>RFC 6455: binary frames are not spoken here.</summary>
    Binary = 1003,
    /// <summary>RFC 6455: a text frame that is no UTF-8.</summary>
    InvalidUtf8 = 1007,
    /// <summary>RFC 6455: a frame over 64 KiB.</summary>
    TooBig = 1009,
    /// <summary>The server restarts.</summary>
    Restart = 4000,
    /// <summary>The client read too slowly; it resumes from the database.</summary>
    Slow = 4001,
    /// <summary>No <c>hello</c> within 10 s, or no <c>pong</c> for 10 s.</summary>
    Silent = 4002,
    /// <summary>The server has no room for more.</summary>
    Overloaded = 4004,
    /// <summary>Too many frames; wait at least 30 s.</summary>
    Rate = 4005,
    /// <summary>Not JSON, an unknown type before <c>hello</c>, or a frame before <c>hello</c>.</summary>
    Protocol = 4500,
    /// <summary>The session ended.</summary>
    SessionEnded = 4501,
    /// <summary>The account was banned.</summary>
    Banned = 4502,
    /// <summary>Too many connections of one user.</summary>
    TooManyConnections = 4503,
    /// <summary>No common version of the protocol.</summary>
    Version = 4504,
}
