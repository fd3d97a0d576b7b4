using System.Globalization;

namespace Olha.Proof;

/// <summary>What the kernel says of a process.</summary>
/// <param name="OwnMb">Memory that is its own and that only it can give back (<c>RssAnon</c>).</param>
/// <param name="RssMb">All of its that is in memory: also pages of the database's file, which the kernel takes back when it needs them.</param>
/// <param name="Descriptors">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
/// <param name="CpuSeconds">Used so far, by user and kernel.</param>
internal sealed record ProcessFigures(double OwnMb, double RssMb, int Descriptors, int Threads, double CpuSeconds)
{
    const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    public static ProcessFigures Read(int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new(
            Of("RssAnon") / 1024, Of("VmRSS") / 1024, Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, (int)Of("Threads"),
            (Number(fields[11]) + Number(fields[12])) / TicksPerSecond);

        double Of(string name) => Number(status.First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal));
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
