using System.Threading.Tasks.Sources;

namespace Olha.Storage.Sqlite;

/// <summary>One unit of work on its way through the writer.</summary>
/// <param name="quick">Whether the caller may go on on the writer's thread.</param>
internal abstract class WriteUnit(bool quick)
{
    const int Waiting = 0, Begun = 1, Over = 2;

    int _state;

    public bool IsQuick => quick;

    /// <summary>What the work threw; null as long as all is well.</summary>
    public Exception? Thrown { get; protected set; }

    /// <summary>What to announce now that the commit is durable.</summary>
    public abstract List<Action>? Announcements { get; }

    /// <summary>False when the caller has given up waiting before the unit's turn came. What has begun may begin again.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) != Over;

    /// <summary>Does the work, from the start when it runs again. What it throws is kept for the caller.</summary>
    /// <returns>Whether what was written should stay.</returns>
    public abstract bool Run(SqliteLink link);

    /// <summary>Gives the caller what the work returned or threw, and runs what it does next; nothing when the caller has had an
    /// answer. Only when that is quick on the writer's thread.</summary>
    public void Complete()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Begun) == Begun) Answer();
    }

    /// <summary>Tells the caller that nothing was stored, if they still wait. The work's own exception goes before.</summary>
    public void Fail(Exception exception)
    {
        if (!TryBegin()) return;
        Thrown ??= exception;
        ThreadPool.UnsafeQueueUserWorkItem(static unit => unit.Complete(), this, preferLocal: false);
    }

    protected void GiveUp(CancellationToken ct)
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) != Waiting) return;
        Thrown = new OperationCanceledException(ct);
        ThreadPool.UnsafeQueueUserWorkItem(static unit => unit.Answer(), this, preferLocal: false);
    }

    protected abstract void Answer();
}

/// <remarks>Hot path: one for each write, and with its <see cref="Transaction"/> all that the writer allocates for it. The
/// caller awaits the unit itself instead of a task.</remarks>
internal sealed class WriteUnit<T> : WriteUnit, IValueTaskSource<T>
{
    readonly Func<Transaction, ValueTask<T>> _work;
    readonly CancellationTokenRegistration _registration;
    ManualResetValueTaskSourceCore<T> _caller;
    Transaction? _transaction;
    T? _result;

    public WriteUnit(Func<Transaction, ValueTask<T>> work, bool quick, CancellationToken ct) : base(quick)
    {
        _work = work;
        if (ct.CanBeCanceled)
            _registration = ct.UnsafeRegister(static (unit, ct) => ((WriteUnit<T>)unit!).GiveUp(ct), this);
    }

    public ValueTask<T> Awaited => new(this, _caller.Version);

    public override List<Action>? Announcements => Thrown is null ? _transaction?.Announcements : null;

    public override bool Run(SqliteLink link)
    {
        var transaction = _transaction = new Transaction(link, null);
        Thrown = null;
        try
        {
            _result = Synchronously.Result(_work(transaction));
            return !transaction.RolledBack;
        }
        catch (Exception exception)
        {
            Thrown = SqliteFailure.Translate(exception, atCommit: false);
            return false;
        }
        finally
        {
            transaction.End();
        }
    }

    protected override void Answer()
    {
        _registration.Unregister();
        if (Thrown is null) _caller.SetResult(_result!);
        else _caller.SetException(Thrown);
    }

    T IValueTaskSource<T>.GetResult(short token) => _caller.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _caller.GetStatus(token);
    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _caller.OnCompleted(continuation, state, token, flags);
}
