using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Olha.Storage.Postgres;

/// <summary>A PostgreSQL server that several nodes may share.</summary>
/// <remarks>
/// Writers work in READ COMMITTED: streams are ordered by the lock on their own row, which a unit takes first. Readers work in a
/// read-only REPEATABLE READ snapshot and have a pool of their own, so that neither kind can use up the other's connections.
/// Up to the commit a unit has stored nothing: a conflict or a lost connection lets it run again from the start.
/// </remarks>
internal sealed partial class PostgresDatabase : Database
{
    const int MostAttempts = 5;

    // A server that doesn't answer costs each attempt its time-out; who waits should hear "not now" soon.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly NpgsqlDataSource _writers;
    readonly NpgsqlDataSource _readers;
    readonly PostgresTurns _turns;
    readonly Admission _admission;
    readonly CommitOrder _order = new();
    readonly ILogger _logger;
    readonly TimeProvider _clock;

    PostgresDatabase(NpgsqlDataSource writers, NpgsqlDataSource readers, string url, DatabaseOptions options, string epoch) =>
        (_writers, _readers, _turns, _admission, _logger, _clock, Epoch) =
        (writers, readers, new(url, options.Clock), new(options.QueueCapacity), options.Logger, options.Clock, epoch);

    public override Dialect Dialect => Dialect.Postgres;
    public override string Epoch { get; }
    public override int Waiting => _admission.Inside;

    public static async Task<Database> OpenAsync(string url, DatabaseOptions options, CancellationToken ct)
    {
        var writers = PostgresPool.ForWriting(url);
        var readers = PostgresPool.ForReading(url);
        try
        {
            var epoch = await PostgresStart.RunAsync(writers, options, ct);
            return new PostgresDatabase(writers, readers, url, options, epoch);
        }
        catch (Exception exception)
        {
            await writers.DisposeAsync();
            await readers.DisposeAsync();
            if (PostgresStart.Told(exception) is var told && told != exception) throw told;
            throw;
        }
    }

    public override async ValueTask<T> WriteAsync<T>(
        Func<Transaction, ValueTask<T>> work, CancellationToken ct, Lane? lane = null, bool quick = false)
    {
        _admission.Enter();
        var began = _clock.GetTimestamp();
        try
        {
            if (lane is null) return await RetriedAsync(() => WriteOnceAsync(work, ct), ct);

            var (before, mine) = lane.Enter();
            try
            {
                await before.WaitAsync(ct);
                return await RetriedAsync(() => WriteOnceAsync(work, ct), ct);
            }
            finally
            {
                // Who gives up must not let those behind overtake those in front.
                if (before.IsCompleted) mine.SetResult();
                else _ = before.ContinueWith(_ => mine.SetResult(), TaskScheduler.Default);
            }
        }
        catch (DatabaseUnavailableException)
        {
            Tell(new Commit(1, _clock.GetElapsedTime(began), Stored: false));
            throw;
        }
        finally
        {
            _admission.Leave();
        }
    }

    public override async ValueTask<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    {
        _admission.Enter();
        try
        {
            return await RetriedAsync(() => ReadOnceAsync(work, ct), ct);
        }
        finally
        {
            _admission.Leave();
        }
    }

    public override Task<bool> OncePerClusterAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct) =>
        _turns.RunAsync(name, work, ct);

    public override async ValueTask DisposeAsync()
    {
        await _admission.CloseAsync();
        await _turns.DisposeAsync();
        await _writers.DisposeAsync();
        await _readers.DisposeAsync();
    }

    async ValueTask<T> WriteOnceAsync<T>(Func<Transaction, ValueTask<T>> work, CancellationToken ct)
    {
        await using var connection = await _writers.OpenConnectionAsync(ct);
        var began = _clock.GetTimestamp();
        await using var begun = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, CancellationToken.None);
        var link = new PostgresLink(connection, begun);
        var transaction = new Transaction(link, begun);
        T result;
        try
        {
            result = await work(transaction);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            throw new DatabaseUnavailableException("PostgreSQL takes no writes: this server is a standby.", inner: exception);
        }
        finally
        {
            transaction.End();
        }

        if (transaction.RolledBack)
        {
            await begun.RollbackAsync(CancellationToken.None);
            return result;
        }

        await CommitAsync(link, begun, transaction, began);
        return result;
    }

    async ValueTask CommitAsync(PostgresLink link, NpgsqlTransaction begun, Transaction transaction, long began)
    {
        var announcements = transaction.Announcements;
        var place = announcements is null ? null : _order.Enter();
        var committed = false;
        try
        {
            if (transaction.Last is { } last) await link.CommitAsync(last);
            else await begun.CommitAsync(CancellationToken.None);
            committed = true;
            Tell(new Commit(transaction.Units, _clock.GetElapsedTime(began), Stored: true));
        }
        catch (Exception exception) when (PostgresFailure.IsUnavailable(exception) && PostgresFailure.LeavesOutcomeUnknown(exception))
        {
            throw new DatabaseUnavailableException("The connection to PostgreSQL was lost during commit.", true, exception);
        }
        finally
        {
            if (place is not null) await _order.LeaveAsync(place, committed ? () => Announce(announcements!) : null);
        }
    }

    async ValueTask<T> ReadOnceAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    {
        await using var connection = await _readers.OpenConnectionAsync(ct);
        await using var begun = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, CancellationToken.None);
        var session = new Session(new PostgresLink(connection, begun), begun);
        T result;
        try
        {
            result = await work(session);
        }
        finally
        {
            session.End();
        }

        await begun.CommitAsync(CancellationToken.None);
        return result;
    }

    async ValueTask<T> RetriedAsync<T>(Func<ValueTask<T>> once, CancellationToken ct)
    {
        var began = _clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await once();
            }
            catch (Exception exception) when (Again(exception, attempt, _clock.GetElapsedTime(began)))
            {
                Retried(_logger, attempt, exception);
            }
            catch (Exception exception) when (PostgresFailure.IsUnavailable(exception) || PostgresFailure.IsConflict(exception, attempt))
            {
                throw new DatabaseUnavailableException("PostgreSQL can't be reached or is too busy.", inner: exception);
            }

            // 0-10, 0-20, 0-40, 0-80 ms: those who met part ways.
            var pause = TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * (5 << attempt));
            await Task.Delay(pause, _clock, ct);
        }
    }

    static bool Again(Exception exception, int attempt, TimeSpan spent) => attempt < MostAttempts &&
        (PostgresFailure.IsConflict(exception, attempt) || (PostgresFailure.IsUnavailable(exception) && spent < Patience));

    void Announce(List<Action> announcements) => RunAnnouncements(() =>
    {
        foreach (var announce in announcements)
        {
            try { announce(); }
            catch (Exception exception) { AnnouncementFailed(_logger, exception); }
        }
    });

    [LoggerMessage(Level = LogLevel.Debug, Message = "A unit of work runs again after attempt {Attempt}")]
    private static partial void Retried(ILogger logger, int attempt, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "An announcement after a commit failed")]
    private static partial void AnnouncementFailed(ILogger logger, Exception exception);
}
