using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Olha.Sockets;

/// <summary>One thread that waits for many sockets at once (<c>epoll</c>, edge-triggered) and reads whatever has come.</summary>
/// <remarks>
/// Hot path: one turn for all that became ready together. A socket costs an entry in a table, no task, and no buffer: every
/// socket is read into the one of the loop, and what it makes of the bytes it does at once, on this thread.
/// The table and the buffer belong to the thread. Others reach it through <see cref="Poke"/>.
/// </remarks>
sealed unsafe partial class EventLoop : IDisposable
{
    const int MostTogether = 512;
    const int HeldBackMs = 50;
    const long Wake = -1;

    // The kernel's struct is packed on x64 and only there.
    static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    static readonly int s_eventSize = s_dataAt + 8;

    readonly int _poll;
    readonly int _wake;
    readonly ILogger _log;
    readonly List<Entry> _table = [];
    readonly Stack<int> _free = [];
    readonly ConcurrentQueue<Polled> _pokes = new();
    readonly Thread _thread;
    List<Polled> _again = [];
    List<Polled> _before = [];
    int _awake;
    volatile bool _stopped;

    struct Entry
    {
        public Polled? Polled;
        public int Generation;
    }

    public EventLoop(string name, ILogger log)
    {
        _log = log;
        _poll = Check(Libc.CreatePoll(Libc.CloseOnExec));
        _wake = Check(Libc.CreateEvent(0, Libc.NonBlocking | Libc.CloseOnExec));
        Watch(_wake, Readiness.In | Readiness.EdgeTriggered, Wake);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>What is read lies here until the next read.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);

    /// <summary>Calls <see cref="Polled.Poked"/> on the loop's thread. From any thread.</summary>
    public void Poke(Polled polled)
    {
        if (!polled.BeginPoke()) return;
        _pokes.Enqueue(polled);
        if (Interlocked.Exchange(ref _awake, 1) != 0) return;
        var one = 1UL;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Watches a descriptor. On the loop's thread.</summary>
    public void Add(Polled polled, SafeHandle handle)
    {
        if (!_free.TryPop(out var place))
        {
            place = _table.Count;
            _table.Add(default);
        }
        var generation = _table[place].Generation + 1;
        _table[place] = new Entry { Polled = polled, Generation = generation };
        polled.Place = place;
        Watch(
            (int)handle.DangerousGetHandle(), Readiness.In | Readiness.Out | Readiness.OtherHungUp | Readiness.EdgeTriggered,
            (long)generation << 32 | (uint)place);
    }

    /// <summary>What was told to one is told to another from now on. On the loop's thread.</summary>
    public void Replace(Polled old, Polled successor)
    {
        successor.Place = old.Place;
        _table[old.Place] = _table[old.Place] with { Polled = successor };
        old.Place = -1;
    }

    /// <summary>Watches no longer; the descriptor's close takes it out of the kernel's list. On the loop's thread.</summary>
    public void Remove(Polled polled)
    {
        if (polled.Place < 0) return;
        _table[polled.Place] = _table[polled.Place] with { Polled = null };
        _free.Push(polled.Place);
        polled.Place = -1;
    }

    /// <summary>Is asked to read again in the next turn: more may be there, and others have their turn first.</summary>
    public void ReadAgain(Polled polled) => _again.Add(polled);

    /// <summary>Is asked to read again a moment later.</summary>
    public Polled? HeldBack { get; set; }

    void Run()
    {
        var ready = stackalloc byte[MostTogether * s_eventSize];
        while (!_stopped)
        {
            var count = Libc.WaitPoll(_poll, ready, MostTogether, _again.Count > 0 ? 0 : HeldBack is null ? -1 : HeldBackMs);
            for (var i = 0; i < count; i++)
            {
                var it = ready + i * s_eventSize;
                TellReady(*(long*)(it + s_dataAt), *(Readiness*)it);
            }
            TellAgain();
            TellPoked();
        }
        _ = Libc.Close(_wake);
        _ = Libc.Close(_poll);
    }

    void TellReady(long data, Readiness what)
    {
        if (data == Wake)
        {
            ulong sum;
            _ = Libc.Read(_wake, &sum, sizeof(ulong));
            return;
        }
        // Of the events that came together, one may have ended the socket of another.
        var entry = _table[(int)(uint)data];
        if (entry.Polled is { } polled && entry.Generation == (int)(data >> 32)) Tell(polled, what);
    }

    void TellAgain()
    {
        if (HeldBack is { } held)
        {
            HeldBack = null;
            Tell(held, Readiness.In);
        }
        if (_again.Count == 0) return;
        (_before, _again) = (_again, _before);
        foreach (var polled in _before)
            if (polled.Place >= 0) Tell(polled, Readiness.In);
        _before.Clear();
    }

    void TellPoked()
    {
        Interlocked.Exchange(ref _awake, 0); // before the queue is read: who comes later rings again
        while (_pokes.TryDequeue(out var polled))
        {
            polled.EndPoke();
            try { polled.Poked(); }
            catch (Exception exception) { CallFailed(exception); }
        }
    }

    void Tell(Polled polled, Readiness what)
    {
        try { polled.Ready(what); }
        catch (Exception exception) { CallFailed(exception); }
    }

    void Watch(int fd, Readiness interest, long data)
    {
        var it = stackalloc byte[16];
        *(uint*)it = (uint)interest;
        *(long*)(it + s_dataAt) = data;
        Check(Libc.ControlPoll(_poll, Libc.Add, fd, it));
    }

    static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    public void Dispose()
    {
        if (_stopped) return;
        _stopped = true;
        var one = 1UL;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A socket's event was not handled")]
    partial void CallFailed(Exception cause);
}
