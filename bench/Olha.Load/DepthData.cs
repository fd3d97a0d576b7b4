using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace Olha.Load;

/// <summary>The databases with much history. Each is made once, kept from bench to bench and opened where it lies: nobody posts.</summary>
internal sealed class DepthData
{
    const int Much = 10_000_000;
    const int Quick = 200_000;

    static readonly TimeSpan s_freshFor = TimeSpan.FromDays(7); // its sessions end when they are not used for 14

    public async Task<DepthPlan> FindAsync(bool quick, CancellationToken ct)
    {
        var messages = quick ? Quick : Much;
        var plan = new DepthPlan(Path.Combine(Workbench.Folder, $"depth-{messages}"), messages);
        var stamp = Stamp(plan);
        if (File.Exists(plan.Stamp) && await File.ReadAllTextAsync(plan.Stamp, ct) == stamp
            && DateTime.UtcNow - File.GetLastWriteTimeUtc(plan.Stamp) < s_freshFor) return plan;

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"making {messages:N0} messages"));
        await DepthSeeding.PrepareAsync(plan, ct);
        await File.WriteAllTextAsync(plan.Stamp, stamp, ct); // last: without it the rest is no database
        return plan;
    }

    /// <summary>The plan, the schema, and the seeding itself.</summary>
    static string Stamp(DepthPlan plan)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var program = Assembly.Load("olha");
        var scripts = program.GetManifestResourceNames().Where(name => name.StartsWith("schema.sqlite.", StringComparison.Ordinal));
        foreach (var name in scripts.Order())
        {
            using var script = program.GetManifestResourceStream(name)!;
            var text = new byte[script.Length];
            script.ReadExactly(text);
            all.AppendData(text);
        }
        foreach (var source in (string[])[nameof(DepthSeeding), nameof(DepthPlan), nameof(Zipf)])
            all.AppendData(File.ReadAllBytes(Path.Combine(Workbench.Root, "bench", "Olha.Load", $"{source}.cs")));
        return string.Create(CultureInfo.InvariantCulture, $"{plan.Messages} {Convert.ToHexString(all.GetHashAndReset())}");
    }
}
