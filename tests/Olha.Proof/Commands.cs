namespace Olha.Proof;

/// <summary>The command line of the proof.</summary>
internal static class Commands
{
    const string Usage = """
        olha-proof check ...                                        runs of the checker: without more it says how
        olha-proof faults [--short] [--only F1,F8] [--seed N]       faults and strain; writes docs/evidence/
                   [--hours H | --minutes M] [--postgres URL] [--evidence FOLDER | --no-evidence]
        olha-proof mutants [--only NAME,NAME] [--postgres URL] [--evidence FOLDER | --no-evidence]   deliberate faults of the server, each of which has to be seen
        olha-proof fuzz --seed N [--frames N] [--bodies N] [--program FILE] [--postgres URL]    noise at every door; what breaks is made small
        olha-proof fuzz --readers N                                 looks for new ways through the readers, and keeps what takes them
        olha-proof report                                           docs/evidence/README.md from the JSON beside it
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        try
        {
            switch (arguments is [var command, ..] ? command : "")
            {
                case "check": return await CheckCommand.RunAsync([.. arguments.Skip(1)]);
                case "faults": return await FaultsCommand.Parse([.. arguments.Skip(1)]).RunAsync(stop.Token);
                case "mutants": return await MutantsCommand.Parse([.. arguments.Skip(1)]).RunAsync(stop.Token);
                case "fuzz": return await FuzzCommand.RunAsync([.. arguments.Skip(1)], stop.Token);
                case "report":
                    await FaultsCommand.ReportAsync(EvidenceFile.Folder, stop.Token);
                    return 0;
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return arguments.Count == 0 ? 0 : 2;
            }
        }
        catch (ProofException cause)
        {
            await Console.Error.WriteLineAsync($"olha-proof: {cause.Message}");
            return 2;
        }
    }
}
