using System.Threading.Channels;

namespace Olha.Sockets.Tests;

/// <summary>Serves a taken socket as the test likes: keeps what has come, and writes what it has to say.</summary>
/// <param name="socket">The socket.</param>
/// <param name="welcome">Whether more is welcome after these bytes; null: always.</param>
internal sealed class Reader(DirectSocket socket, Func<byte[], bool>? welcome = null) : ISocketReader
{
    readonly Lock _gate = new();
    readonly MemoryStream _heard = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ReadOnlyMemory<byte> _toSay;
    int _calls;

    public DirectSocket Socket => socket;

    /// <summary>Set when nothing comes any more.</summary>
    public Task Gone => _ended.Task;

    /// <summary>How often the socket took less than it was given.</summary>
    public int Partly { get; private set; }

    /// <summary>How often <see cref="Take"/> was called, also with nothing.</summary>
    public int Takes => Volatile.Read(ref _calls);

    public byte[] Heard
    {
        get { lock (_gate) return _heard.ToArray(); }
    }

    /// <summary>How many, without a copy of them.</summary>
    public long HeardBytes
    {
        get { lock (_gate) return _heard.Length; }
    }

    /// <summary>Takes the sockets of a server one by one.</summary>
    public static async Task<(TinyServer Server, ChannelReader<Reader> Readers)> ServerAsync(Func<byte[], bool>? welcome = null)
    {
        var readers = Channel.CreateUnbounded<Reader>();
        var server = await TinyServer.StartAsync(async context =>
        {
            await TinyServer.UpgradeAsync(context);
            var reader = new Reader(await TinyServer.TakeAsync(context), welcome);
            reader.Socket.Start(reader);
            readers.Writer.TryWrite(reader);
        });
        return (server, readers.Reader);
    }

    /// <summary>Says these bytes as the socket takes them.</summary>
    public void Say(byte[] bytes)
    {
        lock (_gate) _toSay = bytes;
        Writable();
    }

    public bool Take(Memory<byte> bytes)
    {
        Interlocked.Increment(ref _calls);
        lock (_gate) _heard.Write(bytes.Span);
        return welcome is null || welcome(bytes.ToArray());
    }

    public void Writable()
    {
        lock (_gate)
        {
            try
            {
                while (!_toSay.IsEmpty)
                {
                    var sent = socket.Send(_toSay.Span);
                    if (sent < _toSay.Length) Partly++;
                    _toSay = _toSay[sent..];
                    if (sent == 0) return;
                }
            }
            catch (IOException)
            {
                _toSay = default;
            }
        }
    }

    public void Ended() => _ended.SetResult(); // throws when it is called twice
}
