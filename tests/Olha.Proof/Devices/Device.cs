using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A device of the plan: does its steps, and writes down what it asked and what it was told.</summary>
internal abstract class Device : IAsyncDisposable
{
    readonly CancellationTokenSource _life = new();
    int _disposed;

    protected Device(int number, DevicePlan plan, Stage stage)
    {
        (Number, Plan, Stage, Me, Life) = (number, plan, stage, stage.Actors[plan.Person], _life.Token);
        Chosen = Seeded.For(stage.Seed, 2 * number);
        Lines = new Lines(Seeded.For(stage.Seed, (2 * number) + 1));
        Api = new Api(stage, Lines, Me.Token, plan.Node);
    }

    public int Number { get; }
    public DevicePlan Plan { get; }
    public Lines Lines { get; }
    public Actor Me { get; }

    protected Stage Stage { get; }
    protected Api Api { get; }
    protected Seeded Chosen { get; }
    protected History History => Stage.History;

    /// <summary>Ends with the device.</summary>
    protected CancellationToken Life { get; }

    /// <summary>Comes in.</summary>
    public virtual Task StartAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Does a step, or begins it.</summary>
    public abstract Task DoAsync(Step step, CancellationToken ct);

    /// <summary>What it still waits for; null: nothing, all is answered.</summary>
    public abstract string? Waits();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _life.CancelAsync();
        await EndAsync();
        Lines.Dispose();
        Api.Dispose();
        _life.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for what it left running; <see cref="Life"/> is over.</summary>
    protected virtual Task EndAsync() => Task.CompletedTask;

    protected Task CutAsync(Step step) => Lines.CutAsync(TimeSpan.FromMilliseconds(step.Target));

    protected void Ended(int op, Outcome outcome, string? code = null, Ack? ack = null, Message? message = null) =>
        History.Add(new Answered(History.Now, Number, op, outcome, code, ack, message));

    protected void Ended<T>(int op, Reply<T> reply) where T : class =>
        Ended(op, reply.Outcome, reply.Code, reply.Value as Ack, reply.Value as Message);
}
