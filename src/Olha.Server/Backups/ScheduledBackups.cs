using Olha.Server.Configuration;
using Olha.Storage;
using Olha.Storage.Backups;

namespace Olha.Server.Backups;

/// <summary>Makes a backup whenever the newest one in <c>BACKUP_DIR</c> is old enough, one node at a time. Nodes that name one folder make
/// one, nodes with folders of their own one each.</summary>
internal sealed partial class ScheduledBackups(
    Database db, DatabaseOptions where, ServerOptions options, TimeProvider clock, ILogger<ScheduledBackups> log) : BackgroundService
{
    static readonly TimeSpan s_atFirst = TimeSpan.FromSeconds(3);
    static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);
    static readonly TimeSpan s_again = TimeSpan.FromMinutes(10);

    long _lastSuccess; // seconds since 1970; 0: none
    string? _failure;

    /// <summary>The moment of the newest backup, in seconds since 1970; 0: there is none, or none are made.</summary>
    public long LastSuccess => Volatile.Read(ref _lastSuccess);

    /// <summary>For <see cref="Http.Conditions"/>.</summary>
    public string? WhyFailing() => Volatile.Read(ref _failure) is { } why ? $"The last backup failed: {why}" : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.BackupDir is not { } path) return;
        var folder = new BackupFolder(path, NameOf(options));
        await Task.Delay(s_atFirst, clock, stoppingToken).ConfigureAwait(false);
        while (true)
        {
            var wait = await TryAsync(folder, stoppingToken) ? Least(Due(folder), s_look) : Least(TimeSpan.FromHours(options.BackupEvery), s_again);
            await Task.Delay(Most(wait, TimeSpan.FromSeconds(1)), clock, stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>What backups of this database are called: by its file, or on PostgreSQL by its name there.</summary>
    public static string NameOf(ServerOptions options) => options.DatabaseUrl is { } url
        ? Uri.UnescapeDataString(new Uri(url).AbsolutePath.Trim('/')).Replace('/', '_')
        : Path.GetFileNameWithoutExtension(options.DbName);

    async Task<bool> TryAsync(BackupFolder folder, CancellationToken ct)
    {
        try
        {
            if (Due(folder) <= TimeSpan.Zero)
                await db.OncePerClusterAsync("backup", turn => MakeAsync(folder, turn), ct);
            Volatile.Write(ref _failure, null);
            return true;
        }
        catch (Exception cause) when (cause is DatabaseRefusedException or DatabaseUnavailableException or IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _failure, cause.Message);
            Failed(cause.Message);
            return false;
        }
    }

    async Task MakeAsync(BackupFolder folder, CancellationToken ct)
    {
        if (Due(folder) > TimeSpan.Zero) return; // another node has made it
        var began = clock.GetTimestamp();
        var report = await DatabaseBackup.RunAsync(
            new BackupOptions { Source = where, Target = folder.PathFor(clock.GetUtcNow()), Audit = TablesAudit.Audit }, static _ => { }, ct);
        var removed = folder.Rotate(options.BackupKeep);
        Volatile.Write(ref _lastSuccess, report.TakenAt.ToUnixTimeSeconds());
        var took = clock.GetElapsedTime(began);
        Made(report.Path, report.Bytes, took, removed);
    }

    // A clock that was set back makes none wait for ever.
    TimeSpan Due(BackupFolder folder)
    {
        if (folder.All() is not [var (_, newest), ..]) return TimeSpan.Zero;
        Volatile.Write(ref _lastSuccess, newest.ToUnixTimeSeconds());
        var every = TimeSpan.FromHours(options.BackupEvery);
        return newest > clock.GetUtcNow() + every ? TimeSpan.Zero : newest + every - clock.GetUtcNow();
    }

    static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    static TimeSpan Most(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(Level = LogLevel.Information, Message = "Backup: {Path}, {Bytes} bytes, verified, after {Took}; {Removed} older ones removed")]
    partial void Made(string path, long bytes, TimeSpan took, int removed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The backup failed, the server goes on: {Why}")]
    partial void Failed(string why);
}
