using Olha.Storage;

namespace Olha.Server.Backups;

/// <summary>Backups that are made by a clock.</summary>
internal static class BackupServices
{
    /// <param name="services">The program's.</param>
    /// <param name="where">The database, closed: a backup reads it over connections of its own.</param>
    public static IServiceCollection AddBackups(this IServiceCollection services, DatabaseOptions where) => services
        .AddSingleton(it => ActivatorUtilities.CreateInstance<ScheduledBackups>(it, where))
        .AddHostedService(it => it.GetRequiredService<ScheduledBackups>());
}
