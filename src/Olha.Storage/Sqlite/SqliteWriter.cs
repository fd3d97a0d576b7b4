using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Olha.Storage.Sqlite;

/// <summary>The one thread that writes: takes all that is queued, runs the units, commits once, then announces and answers.</summary>
/// <remarks>
/// Hot path: one turn of the loop for each commit, 1 to <see cref="MostTogether"/> units each. While one commit waits for
/// the disk the next batch gathers; where many small ones would follow each other they wait for company (<see cref="CommitPacer"/>). The connection, the batch and the transaction's statements belong to this
/// thread and are used again. Callers continue on the thread pool, never here. Bench: bench/Olha.Bench, "durable writes".
/// </remarks>
internal sealed partial class SqliteWriter
{
    /// <summary>Bounds how long the first of a batch waits for the last: about 10 ms of small units.</summary>
    internal const int MostTogether = 1024;

    readonly string _path;
    readonly SqliteCheckpointer _checkpointer;
    readonly ILogger _logger;
    readonly WriteQueue _queue;
    readonly CommitPacer _pacer = new(TimeProvider.System);
    readonly List<WriteUnit> _batch = new(MostTogether);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Action _announceAll;
    Action<Action> _runAnnouncements = static announce => announce();
    Action<Commit> _tell = static _ => { };
    (int Start, int Count) _committed;
    SqliteLink? _link;
    bool _logInDoubt;

    public SqliteWriter(string path, SqliteLink link, SqliteCheckpointer checkpointer, int capacity, ILogger logger)
    {
        (_path, _link, _checkpointer, _logger, _queue) = (path, link, checkpointer, logger, new(capacity));
        _announceAll = AnnounceAll;
    }

    /// <summary>Units that wait.</summary>
    public int Waiting => _queue.Count;

    /// <param name="runAnnouncements">Runs what is to run after a commit.</param>
    /// <param name="tell">Hears what became of each commit.</param>
    public void Start(Action<Action> runAnnouncements, Action<Commit> tell)
    {
        (_runAnnouncements, _tell) = (runAnnouncements, tell);
        new Thread(Run) { Name = "sqlite writer", IsBackground = true }.Start();
    }

    public void Enqueue(WriteUnit unit) => _queue.Enqueue(unit);

    /// <summary>Finishes what is queued, then closes the connection.</summary>
    public Task StopAsync()
    {
        _queue.Close();
        return _ended.Task;
    }

    void Run()
    {
        try
        {
            while (_queue.TakeAll(_batch, MostTogether, _pacer))
            {
                _pacer.Begins(_batch.Count);
                for (var done = 0; done < _batch.Count;) done += WriteTogether(CollectionsMarshal.AsSpan(_batch)[done..], done);
                _batch.Clear();
            }

            _link?.Dispose();
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            // A bug of ours. Nobody may wait for a thread that is gone.
            WriterEnded(_logger, exception);
            _queue.Close();
            _queue.TakeRest(_batch);
            Fail(CollectionsMarshal.AsSpan(_batch), new DatabaseUnavailableException("The database's writer has ended.", true, exception));
            _ended.SetException(exception);
        }
    }

    /// <summary>Commits a run of units, which begins at <paramref name="start"/> in the batch.</summary>
    /// <returns>How many of them are done with, one way or the other.</returns>
    int WriteTogether(Span<WriteUnit> units, int start)
    {
        var began = Stopwatch.GetTimestamp();
        SqliteLink link;
        try
        {
            link = Link();
            link.Begin();
        }
        catch (Exception exception)
        {
            // Who came meanwhile would wait as long again for the same answer. They are taken before anybody is told: who
            // tries again after that gets another chance.
            var why = Unavailable(exception);
            var queued = new List<WriteUnit>();
            _queue.TakeRest(queued);
            Tell(units.Length + queued.Count, began, stored: false);
            Fail(units, why);
            Fail(CollectionsMarshal.AsSpan(queued), why);
            return units.Length;
        }

        var committing = false;
        try
        {
            if (RunPlainly(link, units) is { } ended)
            {
                Tell(ended, began, stored: false);
                return ended;
            }
            committing = true;
            link.Commit();
        }
        catch (Exception exception)
        {
            var why = Unavailable(exception, committing);
            Abandon();
            Tell(units.Length, began, stored: false);
            Fail(units, why);
            return units.Length;
        }

        Tell(units.Length, began, stored: true);
        _checkpointer.Written(link.TakePagesWritten());
        _committed = (start, units.Length);
        _runAnnouncements(_announceAll);
        Complete(units);
        return units.Length;
    }

    /// <summary>Runs the units without savepoints, each of which would copy every page that its unit touches. A unit that must not
    /// stay and has written takes back all; then they run once more, with savepoints.</summary>
    /// <returns>Null: to be committed. Otherwise how many have their answer because SQLite ended the transaction.</returns>
    int? RunPlainly(SqliteLink link, Span<WriteUnit> units)
    {
        for (var i = 0; i < units.Length; i++)
        {
            if (!units[i].TryBegin()) continue;
            var written = link.RowsWritten;
            var stays = units[i].Run(link);
            if (link.InAutocommit) return Ended(units[..(i + 1)]);
            if (stays || link.RowsWritten == written) continue;

            link.Rollback();
            link.Begin();
            if (units.Length == 1) return null;
            link.IsApart = true;
            try { return RunInSavepoints(link, units); }
            finally { link.IsApart = false; }
        }
        return null;
    }

    int? RunInSavepoints(SqliteLink link, Span<WriteUnit> units)
    {
        for (var i = 0; i < units.Length; i++)
        {
            if (!units[i].TryBegin()) continue;
            link.Save();
            var stays = units[i].Run(link);
            if (link.InAutocommit) return Ended(units[..(i + 1)]);
            if (stays) link.Release();
            else link.RollbackToSave();
        }
        return null;
    }

    // After some errors SQLite takes back the whole transaction: the units before the last one too.
    int Ended(Span<WriteUnit> units)
    {
        Abandon(); // with all that units shared on this connection
        Fail(units, Unavailable(units[^1].Thrown ?? new InvalidOperationException("A unit ended the transaction.")));
        return units.Length;
    }

    SqliteLink Link()
    {
        var link = _link ??= SqliteLink.ForWriting(_path);
        if (!_logInDoubt) return link;
        // After a failed sync the kernel may show pages that never reached the disk, and a later commit would stand behind
        // them in the log: after a power cut both would be gone. Written into the file and synced, they are safe.
        link.EmptyLog();
        _logInDoubt = false;
        return link;
    }

    // The others' callers go on one after the other, for one visit to the pool: what they do is short, or awaits.
    static void Complete(Span<WriteUnit> units)
    {
        List<WriteUnit>? others = null;
        foreach (var unit in units)
        {
            if (unit.IsQuick) unit.Complete();
            else (others ??= []).Add(unit);
        }
        if (others is null) return;
        ThreadPool.UnsafeQueueUserWorkItem(static it =>
        {
            foreach (var unit in it) unit.Complete();
        }, others, preferLocal: false);
    }

    void Tell(int units, long began, bool stored) => _tell(new Commit(units, Stopwatch.GetElapsedTime(began), stored));

    void AnnounceAll()
    {
        foreach (var unit in CollectionsMarshal.AsSpan(_batch).Slice(_committed.Start, _committed.Count)) Announce(unit);
    }

    void Announce(WriteUnit unit)
    {
        if (unit.Announcements is not { } announcements) return;
        foreach (var announce in announcements)
        {
            try { announce(); }
            catch (Exception exception) { AnnouncementFailed(_logger, exception); }
        }
    }

    DatabaseUnavailableException Unavailable(Exception exception, bool committing = false)
    {
        WriteFailed(_logger, exception);
        if (SqliteFailure.Breaks(exception))
        {
            _logInDoubt = true;
            Abandon();
        }

        return SqliteFailure.Translate(exception, committing) as DatabaseUnavailableException
            ?? new DatabaseUnavailableException("The database can't be written.", committing, exception);
    }

    // Closing rolls back what is open. The next batch opens another connection, or fails and leaves it to the one after.
    void Abandon()
    {
        try { _link?.Dispose(); }
        catch (Exception exception) { WriteFailed(_logger, exception); }
        _link = null;
    }

    static void Fail(Span<WriteUnit> units, DatabaseUnavailableException why)
    {
        foreach (var unit in units) unit.Fail(why);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Writing to the database failed")]
    private static partial void WriteFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "An announcement after a commit failed")]
    private static partial void AnnouncementFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database's writer ended")]
    private static partial void WriterEnded(ILogger logger, Exception exception);
}
