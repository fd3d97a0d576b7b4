using System.Diagnostics;

namespace Olha.Storage.Tests;

/// <summary>A process that writes for as long as it lives, and says what has been acknowledged.</summary>
internal static class WritingProcess
{
    public const string Switch = "--write-until-killed";

    const int Writers = 8;

    public static Process Start(string path) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Self(), Switch, path])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;

    public static async Task<int> RunAsync(string path)
    {
        try
        {
            await using var db = await Database.OpenAsync(SqlitePlace.At(path), CancellationToken.None);
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    var word = Guid.NewGuid().ToString();
                    await db.SayAsync(word);
                    lock (Switch) Console.Out.WriteLine(word);
                }
            })));
        }
        catch (DatabaseRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
        }

        return 3;
    }

    // Started as `dotnet tests.dll` the process's path is dotnet's.
    internal static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [typeof(WritingProcess).Assembly.Location]
        : [];
}
