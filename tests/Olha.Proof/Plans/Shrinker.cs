using System.Diagnostics;

namespace Olha.Proof;

/// <summary>How a failing plan is made smaller.</summary>
/// <param name="Tries">Timing differs between two runs of one plan: so often a smaller one is tried before it counts as clean.</param>
/// <param name="Budget">No run begins after so long.</param>
/// <param name="Tell">Hears how it goes on.</param>
internal sealed record ShrinkOptions(int Tries, TimeSpan Budget, Action<string> Tell);

/// <summary>Makes a failing plan smaller, as long as the same invariant is broken: delta debugging (Zeller and Hildebrandt, 2002) over its
/// steps, and the like over devices, people, rooms and times.</summary>
internal sealed class Shrinker
{
    readonly Func<Plan, Task<IReadOnlyList<Violation>>> _run;
    readonly ShrinkOptions _options;
    readonly int _invariant;
    readonly long _began = Stopwatch.GetTimestamp();
    readonly HashSet<string> _clean = []; // what was tried in vain
    Plan _least;
    int _runs;

    Shrinker(Plan failing, int invariant, Func<Plan, Task<IReadOnlyList<Violation>>> run, ShrinkOptions options) =>
        (_least, _invariant, _run, _options) = (failing, invariant, run, options);

    bool IsOver => Stopwatch.GetElapsedTime(_began) >= _options.Budget;

    /// <summary>The smallest plan found that still breaks the invariant; the failing one itself when none does.</summary>
    /// <param name="failing">A plan that broke it.</param>
    /// <param name="invariant">Which one; see <see cref="Violation.Invariant"/>.</param>
    /// <param name="run">Runs a plan and judges it.</param>
    /// <param name="options">How hard to try.</param>
    public static Task<Plan> ShrinkAsync(
        Plan failing, int invariant, Func<Plan, Task<IReadOnlyList<Violation>>> run, ShrinkOptions options) =>
        new Shrinker(failing, invariant, run, options).ShrinkAsync();

    async Task<Plan> ShrinkAsync()
    {
        string before;
        do
        {
            before = PlanJson.Write(_least);
            await DropFaultsAsync();
            await DropDevicesAsync();
            await DropStepsAsync();
            await DropUnusedAsync();
            await ShortenAsync();
        }
        while (!IsOver && before != PlanJson.Write(_least));
        _options.Tell($"{Words(_least)} are left, after {_runs} runs in {Stopwatch.GetElapsedTime(_began).TotalSeconds:0} s");
        return _least;
    }

    async Task DropFaultsAsync()
    {
        foreach (var fault in _least.Steps.Where(static step => step.Act == Act.Fault).ToList())
            await TryAsync(_least with { Steps = [.. _least.Steps.Where(step => !ReferenceEquals(step, fault))] });
    }

    async Task DropDevicesAsync()
    {
        for (var device = _least.Devices.Count - 1; device >= 0 && _least.Devices.Count > 1; device--)
            await TryAsync(PlanParts.WithoutDevice(_least, device));
    }

    // Chunks first, from halves down to single steps.
    async Task DropStepsAsync()
    {
        for (var chunk = Math.Max(1, _least.Steps.Count / 2); ; chunk /= 2)
        {
            for (var at = 0; at < _least.Steps.Count && !IsOver;)
                if (!await TryAsync(_least with { Steps = [.. _least.Steps.Take(at), .. _least.Steps.Skip(at + chunk)] })) at += chunk;
            if (chunk <= 1) return;
        }
    }

    async Task DropUnusedAsync()
    {
        for (var person = _least.People - 1; person >= 0 && _least.People > 1; person--)
            if (!PlanParts.Uses(_least, person)) await TryAsync(PlanParts.WithoutPerson(_least, person));
        while (_least.Rooms > 1 && _least.Steps.All(step => step.Room != _least.Rooms - 1))
            if (!await TryAsync(_least with { Rooms = _least.Rooms - 1 })) return;
    }

    // The order of steps stays; what lies between them shrinks.
    async Task ShortenAsync()
    {
        if (_least.Steps.Count == 0) return;
        while (!IsOver && _least.Steps[^1].At > 1 && await TryAsync(_least with { Steps = [.. _least.Steps.Select(static step => step with { At = step.At / 2 })] })) { }
    }

    /// <returns>Whether it still breaks the invariant, and so is the least one now.</returns>
    async Task<bool> TryAsync(Plan smaller)
    {
        if (IsOver || !_clean.Add(PlanJson.Write(smaller))) return false;
        for (var attempt = 0; attempt < _options.Tries && !IsOver; attempt++)
        {
            _runs++;
            if (!(await _run(smaller)).Any(violation => violation.Invariant == _invariant)) continue;
            _least = smaller;
            _options.Tell($"run {_runs}: {Words(_least)} still break I{_invariant}");
            return true;
        }
        return false;
    }

    static string Words(Plan plan) => $"{plan.Steps.Count} steps of {plan.Devices.Count} devices, {plan.People} people and {plan.Rooms} rooms";
}
