namespace Olha.Sockets;

/// <summary>What <c>epoll</c> tells of a descriptor.</summary>
[Flags]
enum Readiness : uint
{
    In = 0x1,
    Out = 0x4,
    Error = 0x8,
    HungUp = 0x10,
    OtherHungUp = 0x2000,
    EdgeTriggered = 0x8000_0000,

    /// <summary>There is something to read: bytes, the end, or an error.</summary>
    Readable = In | Error | HungUp | OtherHungUp,
}

/// <summary>Something that a loop watches. Called on the loop's thread only: must not block.</summary>
abstract class Polled
{
    int _poked;

    /// <summary>Where it stands in its loop's table; -1: not watched.</summary>
    public int Place { get; set; } = -1;

    public abstract void Ready(Readiness what);

    /// <summary>Somebody asked for it with <see cref="EventLoop.Poke"/>, once or several times.</summary>
    public abstract void Poked();

    /// <summary>Whether nobody has asked since it was last called.</summary>
    public bool BeginPoke() => Interlocked.Exchange(ref _poked, 1) == 0;

    public void EndPoke() => Volatile.Write(ref _poked, 0);
}
