using Olha.Protocol;

namespace Olha.Proof;

/// <summary>After all has healed: everybody gets their answers, comes back, and holds what there is.</summary>
internal static class CatchUp
{
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(40);

    /// <summary>What is asked for is worked off at the machine's pace: as long as answers come, nobody is stuck. So many times as long as
    /// <c>within</c> is waited at the most.</summary>
    const int MostTimes = 6;

    /// <summary>Waits until nobody lacks anything, at most so long after the last answer to anybody.</summary>
    /// <returns>What was lacking then: nothing, when all is well.</returns>
    public static async Task<IReadOnlyList<Violation>> WaitAsync(
        IReadOnlyList<Device> devices, Stage stage, TimeSpan within, CancellationToken ct)
    {
        var history = stage.History;
        var began = history.Now;
        while (true)
        {
            var lacking = await LookAsync(devices, stage, ct);
            if (lacking.Count == 0)
            {
                history.Add(new Happened(history.Now, "everybody has caught up"));
                return [];
            }
            var (now, patience) = (history.Now, (long)within.TotalMicroseconds);
            if (now > Math.Max(began, history.AnsweredAt) + patience || now > began + MostTimes * patience) return lacking;
            await Task.Delay(s_look, ct);
        }
    }

    static async Task<List<Violation>> LookAsync(IReadOnlyList<Device> devices, Stage stage, CancellationToken ct)
    {
        var lacking = new List<Violation>();
        foreach (var device in devices)
            if (device.Waits() is { } what) lacking.Add(Of(3, $"Device {device.Number} still waits {what}", device, stage));
        // What is on its way moves the heads: first it must come to rest.
        if (lacking.Count > 0) return lacking;

        foreach (var own in devices.OfType<SocketDevice>().GroupBy(static it => it.Plan.Person))
        {
            var now = await Asking.GetAsync(stage.Nodes[0], "state", stage.Actors[own.Key].Token, ProtocolJson.Wire.Welcome, ct);
            foreach (var device in own)
                if (device.Lacks(now) is { } what) lacking.Add(Of(2, $"Device {device.Number} has not caught up: {what}", device, stage));
        }
        return lacking;
    }

    static Violation Of(int invariant, string said, Device device, Stage stage) =>
        new(invariant, said, Device: device.Number, At: stage.History.Now);
}
