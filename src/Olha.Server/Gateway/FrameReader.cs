using System.Buffers;
using System.Net.WebSockets;
using Olha.Protocol;

namespace Olha.Server.Gateway;

/// <summary>Reads whole text frames of at most 64 KiB over all their fragments.</summary>
/// <remarks>While a socket is silent it holds no buffer: an empty read waits for bytes, then one is rented.</remarks>
internal sealed class FrameReader(WebSocket socket)
{
    public const int MaxBytes = 64 * 1024;
    const int FirstRent = 4 * 1024;
    static readonly TimeSpan s_discard = TimeSpan.FromSeconds(2);

    /// <summary>Reads until the other side closes or sends what is not spoken here.</summary>
    /// <param name="take">Gets each frame's bytes, which are its own only until it returns.</param>
    /// <returns>Why reading ended; null: the other side closed, or the socket broke.</returns>
    public async Task<CloseCode?> ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        while (true)
        {
            var empty = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (empty.MessageType == WebSocketMessageType.Close) return null;

            var buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
            try
            {
                var length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    if (length == buffer.Length)
                    {
                        if (length >= MaxBytes) return CloseCode.TooBig;
                        buffer = Grow(buffer, length);
                    }
                    result = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    if (result.MessageType == WebSocketMessageType.Close) return null;
                    if (result.MessageType == WebSocketMessageType.Binary) return CloseCode.Binary;
                    length += result.Count;
                    if (length > MaxBytes) return CloseCode.TooBig;
                }
                while (!result.EndOfMessage);

                await take(buffer.AsMemory(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Reads on after a close until the other side is gone, for a moment at most: a socket that is cut with bytes unread
    /// takes back the close that was just written.</summary>
    public async Task DiscardAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
        using var patience = new CancellationTokenSource(s_discard);
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent
                && (await socket.ReceiveAsync(buffer.AsMemory(), patience.Token)).MessageType != WebSocketMessageType.Close) { }
        }
        catch (Exception cause) when (cause is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Gone.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length * 4);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
