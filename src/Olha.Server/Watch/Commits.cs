using System.Diagnostics;
using System.Diagnostics.Metrics;
using Olha.Storage;

namespace Olha.Server.Watch;

/// <summary>How long commits take, how much each makes durable, and how many were not possible.</summary>
/// <remarks>Hot path: Count runs once a commit, on SQLite on the writer's thread. As long as nobody reads the metrics the histograms cost a
/// look each; nothing is allocated.</remarks>
internal sealed class Commits : IDisposable
{
    /// <summary>How long a commit that was not possible is remembered, when no other has been since.</summary>
    static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(1);

    // A commit on a fast disk takes a tenth of a millisecond, on a tired one a tenth of a second.
    static readonly double[] s_seconds = [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];
    static readonly int[] s_units = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    readonly Database _database;
    readonly Histogram<double> _duration;
    readonly Histogram<int> _units;
    long _failed;
    long _lastFailed; // 0: none since the last that was possible

    public Commits(Database database, IMeterFactory meters)
    {
        var meter = meters.Create(Instruments.Meter);
        _duration = meter.CreateHistogram(
            "olha.db.commit.duration", "s", "From the beginning of a transaction until it is durable.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = s_seconds });
        _units = meter.CreateHistogram(
            "olha.db.commit.units", "{unit}", "Units of work that one commit made durable.", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = s_units });
        _database = database;
        _database.Committed += Count;
    }

    /// <summary>How long those took that were possible.</summary>
    public Buckets Took { get; } = new();

    /// <summary>Units of work that could not be made durable.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>For <see cref="Http.Conditions"/>.</summary>
    public string? WhyNotWriting() =>
        Volatile.Read(ref _lastFailed) is not 0 and var last && Stopwatch.GetElapsedTime(last) < s_remembered
            ? "The database can't be written: see the log."
            : null;

    public void Dispose() => _database.Committed -= Count;

    void Count(Commit commit)
    {
        if (!commit.Stored)
        {
            Interlocked.Add(ref _failed, commit.Units);
            Volatile.Write(ref _lastFailed, Stopwatch.GetTimestamp());
            return;
        }
        if (Volatile.Read(ref _lastFailed) != 0) Volatile.Write(ref _lastFailed, 0);
        Took.Add(commit.Took);
        _duration.Record(commit.Took.TotalSeconds);
        _units.Record(commit.Units);
    }
}
