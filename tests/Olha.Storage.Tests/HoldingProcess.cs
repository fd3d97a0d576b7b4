using System.Diagnostics;

namespace Olha.Storage.Tests;

/// <summary>A process that takes a turn, and says so and when it has lost it.</summary>
internal static class HoldingProcess
{
    public const string Switch = "--hold-a-turn";

    /// <summary>What is done in turns.</summary>
    public const string Work = "held";

    public static Process Start(string url) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. WritingProcess.Self(), Switch, url]) { RedirectStandardOutput = true })!;

    public static async Task<int> RunAsync(string url)
    {
        await using var db = await Database.OpenAsync(
            new() { SchemaAssembly = typeof(Place).Assembly, PostgresUrl = url }, CancellationToken.None);
        try
        {
            await db.OncePerClusterAsync(Work, async held =>
            {
                Console.Out.WriteLine("mine");
                await Task.Delay(Timeout.Infinite, held);
            }, CancellationToken.None);
        }
        catch (DatabaseUnavailableException)
        {
            Console.Out.WriteLine("lost");
        }
        return 0;
    }
}
