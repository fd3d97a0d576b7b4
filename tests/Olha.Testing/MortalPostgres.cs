using System.Diagnostics;
using Npgsql;

namespace Olha.Testing;

/// <summary>A PostgreSQL of one's own from Debian's package, on a port that stays: it can be killed, stopped for a while and started again on its data.</summary>
/// <remarks>It ends with its owner however that ends: a shell that reads its pipe and heeds no signal stops it at end of file. fsync is off:
/// processes are killed here, never the machine.</remarks>
public sealed class MortalPostgres : IAsyncDisposable
{
    const string Guard = """
        trap '' HUP INT TERM
        cat > /dev/null
        [ ! -f "$2/data/postmaster.pid" ] || kill -CONT "$(head -n 1 "$2/data/postmaster.pid")" 2> /dev/null
        "$1/pg_ctl" -D "$2/data" -m immediate stop > /dev/null 2>&1
        rm -rf "$2"/*
        """;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly int _port = Ports.Free();
    readonly string _folder = Directory.CreateTempSubdirectory("olha-mortal-").FullName;
    Process? _guard;
    Process? _postmaster;

    /// <summary>The administrator's address.</summary>
    public string Url => $"postgres://postgres@127.0.0.1:{_port}/postgres";

    public bool IsUp => _postmaster is { HasExited: false };

    /// <summary>Started and answering, with nothing in it.</summary>
    public static async Task<MortalPostgres> StartNewAsync()
    {
        var server = new MortalPostgres();
        try
        {
            await server.MakeAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the data that are there, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _postmaster = Start(AsPostgres(
            $"{PostgresServer.Programs()}/postgres", "-D", $"{_folder}/data", "-k", "", "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
            "-c", "max_connections=300", "-c", "logging_collector=on", "-c", "log_directory=log"));
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            // Starting, recovering, or the sockets of the one that was killed.
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(began) < s_patience && !_postmaster.HasExited) { }
            await Task.Delay(20);
        }
    }

    /// <summary>kill -9 to all of it at once.</summary>
    public async Task KillAsync()
    {
        _postmaster!.Kill(entireProcessTree: true);
        await _postmaster.WaitForExitAsync();
        _postmaster.Dispose();
        _postmaster = null;
    }

    /// <summary>Sends a signal to all of it by its name without <c>SIG</c>: <c>STOP</c> and <c>CONT</c>, for one that hangs.</summary>
    public void Signal(string name)
    {
        // The first one makes the others: it must not, once they have been counted. Some of them may have ended by then.
        string[] all = [$"-{name}", $"{_postmaster!.Id}", .. ChildrenOf(_postmaster.Id).Select(static it => $"{it}")];
        using var kill = Start(["kill", .. all]);
        kill.WaitForExit();
    }

    /// <summary>Ends the connections of one program to one database, as an administrator does.</summary>
    /// <returns>How many.</returns>
    public async Task<long> TerminateAsync(string database, int atMost)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.Settings(new Uri(Url)));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT count(pg_terminate_backend(pid)) FROM (
                SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() ORDER BY state_change DESC LIMIT $2) them
            """, connection);
        command.Parameters.AddWithValue(database);
        command.Parameters.AddWithValue(atMost);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs a statement as administrator.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.Settings(new Uri(Url)));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_postmaster is not null) await KillAsync();
        if (_guard is not null)
        {
            _guard.StandardInput.Close();
            await _guard.WaitForExitAsync();
            _guard.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    async Task MakeAsync()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        using var initdb = Start(AsPostgres($"{PostgresServer.Programs()}/initdb", "-D", $"{_folder}/data", "-U", "postgres", "-A", "trust", "-N", "--no-instructions"));
        var said = Task.WhenAll(initdb.StandardOutput.ReadToEndAsync(), initdb.StandardError.ReadToEndAsync());
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0) throw new InvalidOperationException($"PostgreSQL's folder could not be made: {string.Concat(await said)}");
        _guard = Start(AsPostgres("sh", "-c", Guard, "sh", PostgresServer.Programs(), _folder));
    }

    // PostgreSQL refuses to run as root.
    static string[] AsPostgres(params string[] command) =>
        Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;

    Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        // What it has to say is in its log.
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
    })!;

    static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var process)) continue;
            try
            {
                var stat = File.ReadAllText($"{folder}/stat");
                if (int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) == parent) children.Add(process);
            }
            catch (IOException) { } // it has ended
        }
        return children;
    }
}
