using BenchmarkDotNet.Attributes;
using Olha.Storage.Sqlite;

namespace Olha.Bench;

/// <summary>Units on their way into a commit, without the commit. Time is that of one unit.</summary>
public class WriteQueueBench
{
    const int Many = 100;

    readonly WriteQueue _queue = new(capacity: 8000);
    readonly CommitPacer _pacer = new(TimeProvider.System);
    readonly List<WriteUnit> _batch = [];
    readonly WriteUnit<bool> _unit = new(static _ => new(true), quick: false, CancellationToken.None);

    [Benchmark(OperationsPerInvoke = Many, Description = "handed in and taken, 100 together")]
    public void InAndOut()
    {
        for (var i = 0; i < Many; i++) _queue.Enqueue(_unit);
        _queue.TakeAll(_batch, SqliteWriter.MostTogether, _pacer);
        _batch.Clear();
    }

    [Benchmark(Description = "the pace of a commit")]
    public TimeSpan Pace()
    {
        // More than eight units a commit: it never holds them back.
        _pacer.Begins(Many);
        return _pacer.Wait();
    }
}
