using System.Diagnostics;
using Npgsql;

namespace Olha.Testing;

/// <summary>A real PostgreSQL, for all tests of an assembly: the one that <c>OLHA_TEST_POSTGRES</c> names (an administrator's
/// address, <c>postgres://...</c>), otherwise one of Debian's packages, started on first use in a folder of its own.</summary>
/// <remarks>Its own server ends with the tests however they end: a shell that reads their pipe and heeds no
/// signal stops it at end of file.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    const string Variable = "OLHA_TEST_POSTGRES";

    // fsync is off: these servers are killed, but their machine isn't.
    const string Serve = """
        set -e
        trap '' HUP INT TERM
        "$1/initdb" -D "$2/data" -U postgres -A trust -N --no-instructions > "$2/initdb.log" 2>&1 || { cat "$2/initdb.log"; exit 1; }
        "$1/pg_ctl" -D "$2/data" -l "$2/log" -w start \
            -o "-k '' -p $3 -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300" > /dev/null 2>&1 || { cat "$2/log"; exit 1; }
        echo ready
        cat > /dev/null
        "$1/pg_ctl" -D "$2/data" -m immediate stop > /dev/null 2>&1
        rm -rf "$2"/*
        """;

    readonly Lock _gate = new();
    Task<string>? _address;
    Process? _server;
    string? _folder;

    /// <summary>The administrator's address.</summary>
    public Task<string> AddressAsync()
    {
        lock (_gate) return _address ??= StartAsync();
    }

    /// <summary>A fresh, empty database's address.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var address = new UriBuilder(await AddressAsync());
        var name = $"t{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        address.Path = name;
        return address.Uri.AbsoluteUri;
    }

    /// <summary>Runs a statement as administrator.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Settings(new(await AddressAsync())));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is null) return;
        _server.StandardInput.Close();
        await _server.WaitForExitAsync();
        _server.Dispose();
        Directory.Delete(_folder!, recursive: true);
    }

    /// <summary>An address as the driver takes it.</summary>
    public static string Settings(Uri address)
    {
        var user = address.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = address.Host, Port = address.Port > 0 ? address.Port : 5432,
            Database = address.AbsolutePath.TrimStart('/') is { Length: > 0 } name ? name : "postgres",
            Username = Uri.UnescapeDataString(user[0]), Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Pooling = false,
        }.ConnectionString;
    }

    async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return given;

        var port = Ports.Free();
        _folder = Directory.CreateTempSubdirectory("olha-postgres-").FullName;
        string[] shell = ["sh", "-c", Serve, "sh", Programs(), _folder, port.ToString()];
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
            shell = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. shell];
        }

        _server = Process.Start(new ProcessStartInfo(shell[0], shell[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = _folder,
        })!;
        var said = await _server.StandardOutput.ReadLineAsync();
        if (said == "ready") return $"postgres://postgres@127.0.0.1:{port}/postgres";
        throw new InvalidOperationException($"PostgreSQL did not start: {said}{await _server.StandardOutput.ReadToEndAsync()}");
    }

    internal static string Programs() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(name => int.Parse(Path.GetFileName(name))).Last() + "/bin"
            : throw new InvalidOperationException($"Install PostgreSQL (apt-get install postgresql) or set {Variable}.");
}
