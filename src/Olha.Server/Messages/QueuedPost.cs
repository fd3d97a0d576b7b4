using System.Threading.Tasks.Sources;
using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Messages;

/// <summary>A sound post on its way into a batch, and its author's wait for the answer.</summary>
/// <remarks>Hot path: one for each post on PostgreSQL. The caller awaits the post itself instead of a task.</remarks>
internal sealed class QueuedPost : IValueTaskSource<Outcome<Ack>>
{
    const int Waiting = 0, Begun = 1, Over = 2;

    readonly CancellationTokenRegistration _registration;
    ManualResetValueTaskSourceCore<Outcome<Ack>> _caller;
    Outcome<Ack>? _outcome;
    Exception? _thrown;
    int _state;

    /// <param name="userId">Who says it.</param>
    /// <param name="roomId">Where.</param>
    /// <param name="draft">What.</param>
    /// <param name="author">The socket that gets the acknowledgement with the change; null: the caller tells.</param>
    /// <param name="quick">Whether what the caller does next is short and waits for nothing.</param>
    /// <param name="ct">Gives up waiting to begin.</param>
    public QueuedPost(long userId, long roomId, Draft draft, Connection? author, bool quick, CancellationToken ct)
    {
        (UserId, RoomId, Draft, Author, IsQuick, QueuedAt) = (userId, roomId, draft, author, quick, TimeProvider.System.GetTimestamp());
        if (ct.CanBeCanceled) _registration = ct.UnsafeRegister(static (post, ct) => ((QueuedPost)post!).GiveUp(ct), this);
    }

    public long UserId { get; }
    public long RoomId { get; }
    public Draft Draft { get; }
    public Connection? Author { get; }
    public bool IsQuick { get; }
    public long QueuedAt { get; }

    /// <summary>The form that it was last given: whether that was stored is not known as long as nobody has said so.</summary>
    public Message? Given { get; set; }

    public ValueTask<Outcome<Ack>> Awaited => new(this, _caller.Version);

    /// <summary>False when the caller has given up waiting before its turn came.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    /// <summary>What the caller will be told; the last word counts.</summary>
    public void Settle(Outcome<Ack> outcome) => (_outcome, _thrown) = (outcome, null);

    /// <summary>What the caller will be told; the last word counts.</summary>
    public void Fail(Exception cause) => (_outcome, _thrown) = (null, cause);

    /// <summary>Tells the caller, and runs what they do next.</summary>
    public void Complete()
    {
        _state = Over;
        _registration.Unregister();
        if (_outcome is { } outcome) _caller.SetResult(outcome);
        else _caller.SetException(_thrown ?? new InvalidOperationException("A post was left without an answer."));
    }

    void GiveUp(CancellationToken ct)
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) != Waiting) return;
        _thrown = new OperationCanceledException(ct);
        ThreadPool.UnsafeQueueUserWorkItem(static post => post.Complete(), this, preferLocal: false);
    }

    Outcome<Ack> IValueTaskSource<Outcome<Ack>>.GetResult(short token) => _caller.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource<Outcome<Ack>>.GetStatus(short token) => _caller.GetStatus(token);
    void IValueTaskSource<Outcome<Ack>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _caller.OnCompleted(continuation, state, token, flags);
}
