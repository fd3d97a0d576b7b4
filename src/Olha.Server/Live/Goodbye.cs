using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Live;

/// <summary>Closing a connection in the words of the protocol.</summary>
internal static class Goodbye
{
    /// <summary>Says <c>bye</c> and closes.</summary>
    /// <param name="connection">Whom to close.</param>
    /// <param name="code">Why.</param>
    /// <param name="retry">When the client is to come back; null: not by itself.</param>
    public static void Close(this Connection connection, CloseCode code, TimeSpan? retry)
    {
        var reason = Word(code);
        var bye = new Bye((int)code, reason, retry is { } time ? (long)time.TotalMilliseconds : null);
        connection.Close((int)code, reason, FrameEncoder.Encode(bye));
    }

    /// <summary>A code in a word or two, as closes and metrics have it.</summary>
    public static string Word(CloseCode code) => code switch
    {
        CloseCode.Framing => "framing",
        CloseCode.Binary => "binary",
        CloseCode.InvalidUtf8 => "invalid utf-8",
        CloseCode.TooBig => "too big",
        CloseCode.Restart => "restart",
        CloseCode.Slow => "slow",
        CloseCode.Silent => "silent",
        CloseCode.Overloaded => "overloaded",
        CloseCode.Rate => "rate",
        CloseCode.Protocol => "protocol",
        CloseCode.SessionEnded => "session ended",
        CloseCode.Banned => "banned",
        CloseCode.TooManyConnections => "too many connections",
        CloseCode.Version => "version",
        _ => "",
    };
}
