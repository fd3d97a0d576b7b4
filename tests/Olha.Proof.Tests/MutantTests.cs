using System.Collections.Concurrent;

namespace Olha.Proof.Tests;

/// <summary>A checker that sees nothing is worth nothing: every deliberate fault of the server is seen.</summary>
public sealed class MutantTests(MutantTests.Hunts hunts) : IClassFixture<MutantTests.Hunts>
{
    public static TheoryData<string> Names => [.. AllMutants.Table.Select(static mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_fault_of_the_server_is_seen(string name)
    {
        if (await hunts.Of(name) is not { } hunted)
        {
            Assert.Skip("OLHA_TEST_POSTGRES names no server.");
            return;
        }
        Assert.True(hunted.IsRight, $"{hunted.Mutant!.Does} I{hunted.Mutant.Invariant} should be broken. {hunted}");
    }

    [Fact]
    public async Task Without_a_fault_nothing_is_seen()
    {
        var controls = await hunts.ControlsAsync();
        Assert.All(controls, control => Assert.True(control.IsRight, control.ToString()));
    }

    /// <summary>Builds the faults once and runs them as fast as the machine can, while the tests wait for theirs.</summary>
    public sealed class Hunts : IAsyncLifetime
    {
        static readonly string? s_postgres = Environment.GetEnvironmentVariable("OLHA_TEST_POSTGRES") is { Length: > 0 } server ? server : null;

        // Those that can be run here.
        static readonly IReadOnlyList<Mutant> s_table = [.. AllMutants.Table.Where(static it => s_postgres is not null || !it.Shown.OnPostgres)];

        readonly SemaphoreSlim _turns = new(Math.Max(2, Environment.ProcessorCount));
        readonly CancellationTokenSource _over = new();
        readonly ConcurrentDictionary<string, Task<Hunted>> _hunted = new();
        Hunt _hunt = null!;

        public async ValueTask InitializeAsync()
        {
            // The checker's own tests run without a fault, too.
            _hunt = new Hunt(await MutatedProgram.BuildAsync(AllMutants.Table, _over.Token), s_postgres, controls: 1);
            foreach (var mutant in s_table) _hunted[mutant.Name] = InTurnAsync(() => _hunt.RunAsync(mutant, _over.Token));
        }

        /// <summary>Null: it needs a server that there is not.</summary>
        internal async Task<Hunted?> Of(string name) => _hunted.TryGetValue(name, out var hunted) ? await hunted : null;

        // A run of each kind that shows a fault.
        internal Task<Hunted[]> ControlsAsync() => Task.WhenAll(
            s_table.Select(static it => it.Shown).Distinct().Select(shown => InTurnAsync(() => _hunt.ControlAsync(shown, _over.Token))));

        public async ValueTask DisposeAsync()
        {
            // Nobody waits any more for what a filter left out.
            await _over.CancelAsync();
            await ((Task)Task.WhenAll(_hunted.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<Hunted> InTurnAsync(Func<Task<Hunted>> run)
        {
            await _turns.WaitAsync(_over.Token);
            try
            {
                return await run();
            }
            finally
            {
                _turns.Release();
            }
        }
    }
}
