namespace Olha.Proof;

/// <summary>Something that many wait before while it is shut.</summary>
internal sealed class Gate
{
    TaskCompletionSource _open = New();

    public Gate(bool open)
    {
        if (open) _open.SetResult();
    }

    public void Open() => Volatile.Read(ref _open).TrySetResult();

    public void Shut()
    {
        if (Volatile.Read(ref _open).Task.IsCompleted) Volatile.Write(ref _open, New());
    }

    public Task WaitAsync(CancellationToken ct) => Volatile.Read(ref _open).Task is { IsCompleted: true } open ? open : Volatile.Read(ref _open).Task.WaitAsync(ct);

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
