using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>How a client at the v1 door began: with nothing, with what it held and all that it missed, with rooms that it must fetch,
/// or afresh because what it held is another history's.</summary>
internal enum Beginning { Fresh, Resumed, Behind, Restarted }

/// <summary>How sockets began and why they ended, since the start.</summary>
/// <remarks>Once a socket; nothing is allocated.</remarks>
internal sealed class SocketCounts
{
    static readonly CloseCode[] s_codes = Enum.GetValues<CloseCode>();

    readonly long[] _begun = new long[Enum.GetValues<Beginning>().Length];
    readonly long[] _closed = new long[s_codes.Length + 1]; // the last: not by us

    public void Began(Beginning how) => Interlocked.Increment(ref _begun[(int)how]);

    /// <summary>A socket is gone.</summary>
    public void Ended(Connection connection)
    {
        var at = connection.CloseCode is { } code ? Array.IndexOf(s_codes, (CloseCode)code) : -1;
        Interlocked.Increment(ref _closed[at < 0 ? s_codes.Length : at]);
    }

    public IEnumerable<(Beginning How, long Count)> Begun() =>
        _begun.Select(static (count, at) => ((Beginning)at, count));

    /// <summary>By the words of the protocol, as one; <c>client</c>: the other side closed, or was cut off.</summary>
    public IEnumerable<(string Reason, long Count)> Closed() =>
        _closed.Select(static (count, at) => (at < s_codes.Length ? Goodbye.Word(s_codes[at]).Replace(' ', '_').Replace('-', '_') : "client", count));
}
