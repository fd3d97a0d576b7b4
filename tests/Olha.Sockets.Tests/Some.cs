using System.Diagnostics;

namespace Olha.Sockets.Tests;

internal static class Some
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Bytes that tell when one is missing, doubled or out of place.</summary>
    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_patience, $"Waited in vain: {what}");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Until a figure has stood still for a while.</summary>
    public static async Task StandsStillAsync(Func<long> figure)
    {
        var (last, times) = (figure(), 0);
        while (times < 20)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
            times = figure() == last ? times + 1 : 0;
            last = figure();
        }
    }

    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    public static Task SoonAsync(this Task task) => task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
}
