namespace Olha.Storage;

/// <summary>An order that units of work keep among themselves; see <see cref="Database.WriteAsync"/>.</summary>
public sealed class Lane
{
    readonly Lock _gate = new();
    Task _last = Task.CompletedTask;

    /// <summary>Takes the next place. The unit begins when <c>Before</c> is done, and the next one when <c>Mine</c> is set.</summary>
    internal (Task Before, TaskCompletionSource Mine) Enter()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var before = _last;
            _last = mine.Task;
            return (before, mine);
        }
    }
}
