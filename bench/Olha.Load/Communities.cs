using System.Globalization;
using Olha.Storage;

namespace Olha.Load;

/// <summary>Seeded databases, each made once and copied for every run, so that no run begins where another ended.</summary>
internal sealed class Communities
{
    const string CountTexts = "SELECT COUNT(*) FROM messages WHERE kind = 'text'";
    const string CountPlaces = "SELECT CAST(SUM(last_seq) AS BIGINT) FROM rooms";

    readonly HashSet<SeedPlan> _made = [];

    /// <summary>Those with much history.</summary>
    public DepthData Depth { get; } = new();

    /// <summary>A fresh copy.</summary>
    public async Task<SeedPlan> CopyAsync(int people, int rooms, int roomSize, CancellationToken ct)
    {
        var folder = Path.Combine(Workbench.Folder, string.Create(CultureInfo.InvariantCulture, $"seed-{people}-{rooms}-{roomSize}"));
        var plan = new SeedPlan(folder, people, rooms, roomSize);
        if (_made.Add(plan)) await Seeding.PrepareAsync(plan, ct);

        var copy = plan with { Folder = Path.Combine(Workbench.Folder, "run") };
        if (Directory.Exists(copy.Folder)) Directory.Delete(copy.Folder, recursive: true);
        Directory.CreateDirectory(copy.Folder);
        foreach (var file in Directory.GetFiles(plan.Folder)) File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>How many texts a run left, and how many places they take. The program has ended.</summary>
    public static async Task<(long Texts, long Places)> CountAsync(SeedPlan plan, CancellationToken ct)
    {
        await using var database = await Database.OpenAsync(Seeding.Options(plan.Database, plan.Address), ct);
        return await database.ReadAsync(async session =>
            (await session.ScalarAsync<long>(CountTexts), await session.ScalarAsync<long>(CountPlaces)), ct);
    }
}
