using System.Text;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>One client of the original: every text frame is something to say in General, never parsed.</summary>
internal sealed class OriginalSocket(Connection connection, Caller caller, OriginalRoom room) : FrameHandler
{
    readonly Lane _lane = new();
    readonly UnderWay _underWay = new();

    public override ValueTask TakeAsync(ReadOnlyMemory<byte> text)
    {
        // As the original did: one line, without white space at its ends; nothing is nothing.
        var said = Encoding.UTF8.GetString(text.Span).ReplaceLineEndings(" ").Trim();
        if (said.Length == 0) return ValueTask.CompletedTask;

        var place = _underWay.Enter();
        _ = SayAsync(said);
        return place;
    }

    public override void Dispose() => room.Leave(caller);

    async Task SayAsync(string said)
    {
        try
        {
            if ((await room.SayAsync(caller, said, _lane)).Refusal is { } refusal) connection.Enqueue(room.Private(refusal));
        }
        catch (Exception cause)
        {
            room.Failed(cause);
            connection.Enqueue(room.Private(Refusal.Unavailable));
        }
        finally
        {
            _underWay.Leave();
        }
    }
}
