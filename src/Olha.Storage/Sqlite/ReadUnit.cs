using System.Threading.Tasks.Sources;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Sqlite;

/// <summary>One snapshot to be read.</summary>
internal abstract class ReadUnit
{
    /// <summary>Reads, keeps what the work returned or threw.</summary>
    public abstract void Run(SqliteLink link);

    /// <summary>Gives the caller the answer; the connection is free by then.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <remarks>Hot path: one for each read; the caller awaits the unit itself instead of a task.</remarks>
internal sealed class ReadUnit<T>(Func<Session, ValueTask<T>> work, CancellationToken ct) : ReadUnit, IValueTaskSource<T>
{
    ManualResetValueTaskSourceCore<T> _caller = new() { RunContinuationsAsynchronously = true };
    T? _result;
    Exception? _thrown;

    public ValueTask<T> Awaited => new(this, _caller.Version);

    public override void Run(SqliteLink link)
    {
        var session = new Session(link, null);
        try
        {
            ct.ThrowIfCancellationRequested();
            link.Begin();
            _result = Synchronously.Result(work(session));
        }
        catch (Exception exception)
        {
            // A reader that writes is a bug, not a broken world.
            _thrown = exception is SqliteException { SqliteErrorCode: raw.SQLITE_READONLY }
                ? exception
                : SqliteFailure.Translate(exception, atCommit: false);
        }
        finally
        {
            session.End();
        }
    }

    public override void Complete()
    {
        if (_thrown is null) _caller.SetResult(_result!);
        else _caller.SetException(_thrown);
    }

    public override void Fail(Exception exception) => _caller.SetException(exception);

    T IValueTaskSource<T>.GetResult(short token) => _caller.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _caller.GetStatus(token);
    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _caller.OnCompleted(continuation, state, token, flags);
}
