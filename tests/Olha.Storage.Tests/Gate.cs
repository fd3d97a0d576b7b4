namespace Olha.Storage.Tests;

/// <summary>Holds a unit of work in the middle until it is opened.</summary>
internal sealed class Gate : IDisposable
{
    readonly ManualResetEventSlim _open = new();
    readonly SemaphoreSlim _begun = new(0);

    /// <summary>Completes when the unit has begun; the task inside when it is stored.</summary>
    public async Task<Task<long>> HoldAsync(Database db, string word, Lane? lane = null)
    {
        // PostgreSQL may begin a unit in the caller's thread, which is about to be blocked.
        var said = Task.Run(async () => await db.WriteAsync(tx =>
        {
            _begun.Release();
            _open.Wait();
            return tx.SayAsync(word);
        }, CancellationToken.None, lane));
        await _begun.WaitAsync();
        return said;
    }

    public void Open() => _open.Set();

    public void Dispose()
    {
        _open.Dispose();
        _begun.Dispose();
    }
}
