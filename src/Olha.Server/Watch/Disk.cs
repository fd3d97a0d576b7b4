using Olha.Server.Configuration;

namespace Olha.Server.Watch;

/// <summary>Whether the disk that the database lies on is nearly full.</summary>
internal static class Disk
{
    const long Enough = 1L << 30;
    const double EnoughOfIt = 0.05;

    /// <summary>For <see cref="Http.Conditions"/>. A database on PostgreSQL lies elsewhere.</summary>
    public static string? WhyNotEnough(ServerOptions options)
    {
        if (options.DatabaseUrl is not null) return null;
        try
        {
            var disk = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(options.DbName))!);
            return IsEnough(disk.AvailableFreeSpace, disk.TotalSize) ? null : $"The disk has {disk.AvailableFreeSpace >> 20} MiB left for the database.";
        }
        catch (IOException)
        {
            return null; // whoever writes there will say more
        }
    }

    /// <summary>A gibibyte, or on a small disk a twentieth of it.</summary>
    public static bool IsEnough(long free, long all) => free >= Math.Min(Enough, all * EnoughOfIt);
}
