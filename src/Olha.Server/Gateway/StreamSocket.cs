using System.Buffers;
using Olha.Sockets;

namespace Olha.Server.Gateway;

/// <summary>A socket behind the framework's pipes: with TLS, or on a system whose sockets cannot be taken. It lasts as long as its
/// request.</summary>
/// <param name="stream">Its bytes.</param>
/// <param name="abort">Cuts it at once.</param>
/// <remarks>While it is silent it holds no buffer: an empty read waits for bytes, then one is rented.</remarks>
internal sealed class StreamSocket(Stream stream, Action abort) : UpgradedSocket, IDisposable
{
    const int MostTogether = 16 * 1024;

    readonly SemaphoreSlim _welcome = new(0);
    readonly SemaphoreSlim _writing = new(1); // taken by each write, and at last by the end
    readonly CancellationTokenSource _reading = new();
    readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool SendsNow => false;
    public override int SendNow(ReadOnlySpan<byte> wire) => throw new NotSupportedException();
    public override int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => throw new NotSupportedException();

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> wire)
    {
        if (!_writing.Wait(0)) throw new IOException("The request has ended.");
        try
        {
            await stream.WriteAsync(wire);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override void ReadOn() => _welcome.Release();

    public override async Task ServeAsync(ISocketReader reader)
    {
        var reading = ReadAsync(reader);
        await Task.WhenAny(reading, _closed.Task);
        if (OtherHasFinished) await _closed.Task; // our answer is on its way
        await _reading.CancelAsync();
        await reading;
        // The framework says its own goodbye, and TLS takes one write at a time.
        if (_writing.CurrentCount == 0) abort();
        await _writing.WaitAsync();
        reader.Ended();
    }

    public void Dispose()
    {
        _reading.Dispose();
        _welcome.Dispose();
    }

    protected override void Close() => _closed.TrySetResult();

    protected override void CutOff()
    {
        abort();
        _closed.TrySetResult();
    }

    async Task ReadAsync(ISocketReader reader)
    {
        try
        {
            while (true)
            {
                _ = await stream.ReadAsync(Memory<byte>.Empty, _reading.Token);
                if (!await ReadWhatCameAsync(reader)) return;
            }
        }
        catch (Exception cause) when (cause is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The socket is gone.
        }
    }

    async Task<bool> ReadWhatCameAsync(ISocketReader reader)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostTogether);
        try
        {
            var got = await stream.ReadAsync(buffer, _reading.Token);
            if (got == 0) return false;
            var welcome = reader.Take(buffer.AsMemory(0, got));
            while (!welcome)
            {
                await _welcome.WaitAsync(_reading.Token);
                welcome = reader.Take(default);
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
