namespace Olha.Proof;

/// <summary>How a run ended, seen from all sides.</summary>
/// <param name="Held">See <see cref="Run"/>.</param>
/// <param name="Truth">See <see cref="Run"/>.</param>
/// <param name="Served">See <see cref="Run"/>.</param>
/// <param name="Unfinished">See <see cref="Run"/>.</param>
internal sealed record Ending(
    IReadOnlyList<Holding?> Held, Truth Truth, IReadOnlyList<Served> Served, IReadOnlyList<Violation> Unfinished)
{
    const int MostTries = 20;

    /// <summary>Waits until everybody has caught up, and looks at everything at a moment at which nothing moves.</summary>
    public static async Task<Ending> ReadAsync(
        IReadOnlyList<Device> devices, Stage stage, Func<CancellationToken, Task<Truth>> readTruth, TimeSpan within, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var unfinished = await CatchUp.WaitAsync(devices, stage, within, ct);
            var before = await readTruth(ct);
            var held = devices.Select(static it => (it as SocketDevice)?.ToHolding()).ToArray();
            var served = await Serving.ReadAsync(stage, ct);
            var truth = await readTruth(ct);
            // What was asked for over a line that was cut may still come to pass, long after its device has given up.
            if (unfinished.Count > 0 || tries == MostTries || Heads(before).SequenceEqual(Heads(truth)))
                return new Ending(held, truth, served, unfinished);
        }
    }

    static IEnumerable<long> Heads(Truth truth) =>
        truth.Rooms.Select(static room => room.LastRev).Concat(truth.Memberships.Select(static membership => membership.PersonRev));
}
