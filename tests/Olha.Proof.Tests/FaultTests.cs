namespace Olha.Proof.Tests;

/// <summary>The short forms of F1 to F4 and F12; <c>script/faults</c> has the full ones.</summary>
/// <remarks>Nothing runs beside them: some of what they demand is a time.</remarks>
[Collection(nameof(Alone))]
public sealed class FaultTests : IDisposable
{
    static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    readonly string _folder = Directory.CreateTempSubdirectory("olha-proof-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task A_killed_server_has_everything_that_it_acknowledged() => KeptAsync(new KillFault());

    [Fact]
    public Task A_power_cut_takes_nothing_that_was_acknowledged() => KeptAsync(new PowerCutFault());

    [Fact]
    public Task A_full_or_failing_disk_is_answered_honestly() => KeptAsync(new DiskFault());

    [Fact]
    public Task A_foreign_lock_is_waited_out() => KeptAsync(new LockFault());

    [Fact]
    public Task A_backup_holds_what_was_acknowledged_before_it_began() => KeptAsync(new BackupFault());

    // Everything in a short form must have been done: what is left out is a failure.
    async Task KeptAsync(IProof proof)
    {
        var context = new ProofContext(Programs.UnderTest, _folder, Seed: 6, Full: false, static line => TestContext.Current.SendDiagnosticMessage(line));
        var part = await proof.RunAsync(context, Ct);
        Assert.True(part.Verdict == Verdict.Kept,
            $"{part.Name}, seed {part.Seed}: {part.Verdict}, {part.Done} of {part.Asked} {part.Unit}\n{string.Join('\n', part.Demands)}\n{string.Join('\n', part.Findings.Take(20))}");
    }
}

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
