namespace Olha.Load;

/// <summary>Where a workload knocks.</summary>
internal enum Door
{
    /// <summary>The C broadcaster that does next to nothing.</summary>
    Floor,

    /// <summary>Ours, as the clients of the original come in.</summary>
    Original,

    /// <summary>Ours, with the v1 protocol.</summary>
    V1,

    /// <summary>The peer ws.</summary>
    Ws,

    /// <summary>The peer Socket.IO.</summary>
    SocketIo,
}

/// <summary>One thing that is measured, in rounds, at several doors.</summary>
/// <param name="Workload">b1, b2, ...; one workload may have several cases.</param>
/// <param name="Title">Its heading in a report.</param>
/// <param name="What">What happens, in a sentence.</param>
/// <param name="Doors">Where, in this order in each round.</param>
/// <param name="Metrics">What a report shows.</param>
internal abstract record Case(string Workload, string Title, string What, IReadOnlyList<Door> Doors, IReadOnlyList<Metric> Metrics)
{
    /// <summary>It runs so often, however many rounds are asked for.</summary>
    public int MostRounds { get; init; } = int.MaxValue;

    /// <summary>Runs once.</summary>
    /// <param name="door">Where.</param>
    /// <param name="data">Communities ready to be copied.</param>
    /// <param name="quick">Whether a second will do.</param>
    /// <param name="ct">Stops it and what it started.</param>
    public abstract Task<Run> RunAsync(Door door, Communities data, bool quick, CancellationToken ct);
}

/// <summary>One run: what it measured, and the command lines with which it can be repeated.</summary>
internal sealed record Run(Figures Figures, IReadOnlyList<string> Commands);
