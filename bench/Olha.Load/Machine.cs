using System.Globalization;
using System.Runtime.InteropServices;

namespace Olha.Load;

/// <summary>What the figures were measured on, and who else was using it.</summary>
internal static class Machine
{
    const int TicksPerSecond = 100; // USER_HZ, the same on every Linux

    /// <summary>A core for the server and one for the load; null: there is only one core to share.</summary>
    public static (string? Server, string? Load) Cores { get; } = Environment.ProcessorCount > 1 ? ("0", "1") : (null, null);

    /// <summary>Keeps this process to a core, all of its threads; null: to none.</summary>
    public static async Task KeepToAsync(string? core, CancellationToken ct)
    {
        if (core is null) return;
        await using var keep = Child.Start(null, "taskset", ["-a", "-c", "-p", core, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)], [], Workbench.Folder);
        await keep.FinishAsync(ct);
    }

    public static string LoadAverage => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>One line.</summary>
    public static string Describe()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        var disk = new DriveInfo(Workbench.Folder).DriveFormat;
        return $"{Environment.ProcessorCount} cores of {cpu ?? RuntimeInformation.ProcessArchitecture.ToString()}, {memory} GiB, {disk}, Linux {Environment.OSVersion.Version}";
    }

    /// <summary>CPU seconds used so far: by all, idle time excluded and time stolen by other machines included, and by one process.</summary>
    internal sealed record Clock(double All, double One, DateTime At)
    {
        public static Clock Read(int process)
        {
            var all = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(Number).ToArray();
            return new Clock((all.Sum() - all[3] - all[4]) / TicksPerSecond, Used(process), DateTime.UtcNow);
        }

        /// <summary>Cores that others were using meanwhile.</summary>
        /// <param name="then">A later reading.</param>
        /// <param name="load">Cores that the load tool used.</param>
        public double OthersSince(Clock then, double load)
        {
            var seconds = (then.At - At).TotalSeconds;
            return Math.Max(0, (then.All - All - (then.One - One)) / seconds - load);
        }

        static double Used(int process)
        {
            try
            {
                var text = File.ReadAllText($"/proc/{process}/stat");
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
            }
            catch (IOException)
            {
                return 0; // it has just ended; the run will not count
            }
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
