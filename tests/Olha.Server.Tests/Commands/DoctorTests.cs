using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Npgsql;
using Olha.Protocol;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary><c>olha doctor</c>: what it finds, on files and servers that are in order and that are not.</summary>
public sealed class DoctorTests(PostgresServer postgres) : IAsyncLifetime
{
    MovingHouse _house = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _house = await MovingHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Where_nothing_is_yet_all_is_well()
    {
        var (code, findings, text) = await ExamineAsync();

        Assert.Equal(0, code);
        Assert.DoesNotContain("problem", findings.Select(static it => it.Severity));
        Has(findings, "ok", "database", "none");
        Has(findings, "ok", "settings", "sound");
        Has(findings, "ok", "versions", "program");
        Assert.Contains("glibc 2.", text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_house.Folder));
    }

    [Fact]
    public async Task A_server_that_was_stopped_is_examined_without_a_trace()
    {
        await _house.TalkativeAsync(50);
        var before = State();

        var (code, findings, _) = await ExamineAsync([], "--thorough");

        Assert.Equal(0, code);
        Has(findings, "ok", "database", "integrity");
        Has(findings, "ok", "database", "schema");
        Has(findings, "ok", "files", "permissions");
        Has(findings, "ok", "files", "disk");
        Assert.Equal(before, State());
    }

    [Fact]
    public async Task It_works_beside_a_running_server_and_sees_it()
    {
        await using var server = _house.ServeHere();
        var address = await server.Address;
        using var ana = await MovingHouse.SignUpAsync(address, "ana");
        await ana.SayAsync(1, "still in the log");

        var (code, findings, _) = await ExamineAsync(new() { ["PORT"] = $"{address.Port}" });

        Assert.Equal(0, code);
        Has(findings, "ok", "ports", "served");
        Has(findings, "ok", "database", "integrity");
        await ana.SayAsync(1, "and goes on");
    }

    [Fact]
    public async Task What_a_running_server_lacks_is_told()
    {
        var settings = new Dictionary<string, string>
        {
            ["PORT"] = $"{Ports.Free()}", ["BIND"] = "127.0.0.1", ["DB_NAME"] = _house.Source, ["BACKUP_DIR"] = "/proc/nowhere", ["METRICS_TOKEN"] = "a-long-enough-secret",
        };
        await using var server = RunningProgram.Start(_house.Folder, settings);
        using var watcher = new Client(await server.Address);
        while ((await watcher.GetAsync<Readiness>("/ready")).Status is not ReadyState.Degraded) await Task.Delay(20, Ct);

        var (_, findings, _) = await ExamineAsync(settings);

        Has(findings, "warning", "server", "degraded");
        Assert.Contains("/proc/nowhere", findings.Single(static it => it.Area == "server").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_works_on_what_a_killed_server_left()
    {
        await using (var server = _house.ServeHere())
        {
            using var ana = await MovingHouse.SignUpAsync(await server.Address, "ana");
            await ana.SayAsync(1, "in the log only");
            await server.KillAsync();
        }
        var log = await File.ReadAllBytesAsync($"{_house.Source}-wal", Ct);

        var (code, findings, _) = await ExamineAsync();

        Assert.Equal(0, code);
        Has(findings, "ok", "database", "integrity");
        Assert.Equal(log, await File.ReadAllBytesAsync($"{_house.Source}-wal", Ct));
        await MovingHouse.VisitAsync(_house.ServeHere(), static _ => Task.CompletedTask);
    }

    [Fact]
    public async Task Damage_is_found()
    {
        await _house.TalkativeAsync(3000);
        await using (var file = new FileStream(_house.Source, FileMode.Open))
        {
            // Most pages hold messages and their indexes.
            for (var page = 60; page < 64; page++)
            {
                file.Position = page * 4096;
                file.Write(Enumerable.Repeat((byte)0xff, 2000).ToArray());
            }
        }

        var (code, findings, _) = await ExamineAsync();

        Assert.Equal(1, code);
        Has(findings, "problem", "database", "integrity");
    }

    [Theory]
    [InlineData("problem", "foreign", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")]
    [InlineData("warning", "unadopted", "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE, password TEXT, created_at TIMESTAMP); CREATE TABLE schema_migrations (version INTEGER, dirty BOOLEAN)")]
    [InlineData("problem", "foreign", null)]
    public async Task Another_programs_file_is_named(string severity, string code, string? sql)
    {
        if (sql is null) await File.WriteAllTextAsync(_house.Source, new string('x', 4096), Ct);
        else _house.ExecuteHere(sql);

        Has((await ExamineAsync()).Findings, severity, "database", code);
    }

    [Theory]
    [InlineData("UPDATE schema_versions SET version = '9999' WHERE version = (SELECT max(version) FROM schema_versions)", "problem", "schema")]
    [InlineData("DELETE FROM schema_versions WHERE version = (SELECT max(version) FROM schema_versions)", "warning", "schema")]
    [InlineData("UPDATE epoch SET nonce = 'of long ago'", "warning", "put_back")]
    public async Task Another_state_of_the_file_is_named(string sql, string severity, string code)
    {
        await _house.TalkativeAsync(1);
        _house.ExecuteHere(sql);

        Has((await ExamineAsync()).Findings, severity, "database", code);
    }

    [Fact]
    public async Task A_wrong_setting_and_what_is_probably_meant_for_one_are_told()
    {
        await File.WriteAllTextAsync(Path.Combine(_house.Folder, ".env"), "PROT=8080\nLIMIT_NOISE=1\nCOMPOSE_PROJECT_NAME=x\n", Ct);

        var (code, findings, _) = await ExamineAsync(new() { ["DRAIN_SECONDS"] = "soon", ["DATABASE_ULR"] = "postgres://h/n" });

        Assert.Equal(1, code);
        Has(findings, "problem", "settings", "wrong");
        Assert.Equal(["Did you mean DATABASE_URL?", "docs/configuration.md has all that there are.", "Did you mean PORT?"],
            findings.Where(static it => it.Code == "unknown").Select(static it => it.Advice));
    }

    [Fact]
    public async Task Who_may_read_the_data_is_looked_at()
    {
        await _house.TalkativeAsync(1);
        await ShellAsync("chmod", "604", _house.Source);

        Has((await ExamineAsync()).Findings, "warning", "files", "readable");
    }

    [Fact]
    public async Task What_root_has_touched_is_told()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a folder to somebody else");
        await _house.TalkativeAsync(1);
        await ShellAsync("chown", "12345", _house.Folder);

        Has((await ExamineAsync()).Findings, "problem", "files", "owner");
    }

    [Fact]
    public async Task What_root_does_with_the_data_of_another_user_leaves_them_that_users()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a folder to somebody else");
        await _house.TalkativeAsync(1);
        await ShellAsync("chown", "--recursive", "12345", _house.Folder);

        Assert.Equal(0, (await _house.RunAsync("admin", "list")).Code);
        Assert.DoesNotContain((await ExamineAsync()).Findings, static it => it.Code == "owner");
    }

    [Fact]
    public async Task A_role_that_may_make_nothing_is_told_before_the_first_start()
    {
        var role = $"poor_{Guid.NewGuid():N}";
        await ExecuteThereAsync($"CREATE ROLE {role} LOGIN PASSWORD 'poor'; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        try
        {
            var url = new UriBuilder(_house.Target) { UserName = role, Password = "poor" }.Uri.ToString();

            Has((await ExamineAsync(new() { ["DATABASE_URL"] = url })).Findings, "problem", "postgres", "rights");
            var (code, complaint) = await RunningProgram.Start(_house.Folder, new Dictionary<string, string> { ["PORT"] = "0", ["DATABASE_URL"] = url }).EndedAsync();
            Assert.Equal((1, "olha: The database's schema can't be brought up to date: 42501: permission denied for schema public\n"), (code, complaint));
        }
        finally
        {
            await ExecuteThereAsync($"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task What_an_interrupted_copy_left_is_told()
    {
        await File.WriteAllTextAsync($"{_house.Source}.before-adoption.partial", "", Ct);
        await File.WriteAllTextAsync($"{_house.Source}.before-adoption-20250101T000000000Z.db", "", Ct);

        var (_, findings, _) = await ExamineAsync();

        Has(findings, "warning", "files", "leftover");
        Has(findings, "ok", "files", "adopted");
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (code, findings, _) = await ExamineAsync(new() { ["PORT"] = $"{((IPEndPoint)other.LocalEndpoint).Port}" });

        Assert.Equal(1, code);
        Has(findings, "problem", "ports", "taken");
    }

    [Theory]
    [InlineData("ok", "certificate", 90, false, "localhost")]
    [InlineData("warning", "expires", 5, false, "localhost")]
    [InlineData("problem", "expired", -1, false, "localhost")]
    [InlineData("problem", "unsound", 90, true, "localhost")]
    [InlineData("problem", "host", 90, false, "chat.example.org")]
    public async Task A_certificate_is_looked_at(string severity, string code, int days, bool otherKey, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(days));
        await File.WriteAllTextAsync(Path.Combine(_house.Folder, "c.pem"), certificate.ExportCertificatePem(), Ct);
        await File.WriteAllTextAsync(Path.Combine(_house.Folder, "k.pem"), (otherKey ? other : key).ExportPkcs8PrivateKeyPem(), Ct);

        var (_, findings, _) = await ExamineAsync(new() { ["TLS_CERTIFICATE"] = "c.pem", ["TLS_KEY"] = "k.pem", ["PUBLIC_URL"] = $"https://{host}" });

        Has(findings, severity, "tls", code);
    }

    [Fact]
    public async Task PostgreSQL_is_asked()
    {
        await MovingHouse.VisitAsync(_house.ServeThere(), static _ => Task.CompletedTask);

        var (code, findings, _) = await ExamineAsync(new() { ["DATABASE_URL"] = _house.Target });

        Assert.Equal(0, code);
        foreach (var what in (string[])["version", "schema", "connections"]) Has(findings, "ok", "postgres", what);
        Has(findings, "ok", "clock", "database");
        Has((await ExamineAsync(new() { ["DATABASE_URL"] = $"{_house.Target}?Maximum%20Pool%20Size=100000" })).Findings, "problem", "postgres", "connections");
    }

    [Fact]
    public async Task An_interrupted_move_is_told()
    {
        await using (var connection = await _house.OpenThereAsync())
        await using (var command = new NpgsqlCommand("CREATE TABLE olha_move (id BIGINT)", connection))
            await command.ExecuteNonQueryAsync(Ct);

        var (code, findings, _) = await ExamineAsync(new() { ["DATABASE_URL"] = _house.Target });

        Assert.Equal(1, code);
        Has(findings, "problem", "postgres", "unfinished_move");
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_told_without_its_password()
    {
        var (code, findings, text) = await ExamineAsync(new() { ["DATABASE_URL"] = "postgres://ana:canary@127.0.0.1:1/none" });

        Assert.Equal(1, code);
        Has(findings, "problem", "postgres", "unavailable");
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_is_asked()
    {
        await using var redis = await RedisServer.StartNewAsync();
        var variables = new Dictionary<string, string> { ["DATABASE_URL"] = _house.Target, ["REDIS_URL"] = redis.Url };

        var (_, findings, _) = await ExamineAsync(variables);
        Has(findings, "ok", "redis", "version");
        Has(findings, "ok", "redis", "eviction");

        await ShellAsync("redis-cli", "-u", redis.Url, "CONFIG", "SET", "maxmemory", "50mb");
        await ShellAsync("redis-cli", "-u", redis.Url, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        Has((await ExamineAsync(variables)).Findings, "warning", "redis", "eviction");

        await redis.KillAsync();
        var (_, gone, _) = await ExamineAsync(variables);
        Has(gone, "problem", "redis", "unavailable");
        Assert.Equal("Redis can't be reached: nobody answers there.", gone.Single(static it => it.Code == "unavailable").Text);
    }

    [Fact]
    public async Task People_read_a_line_a_finding_and_what_to_do()
    {
        var (code, said, complaint) = await MovingHouse.EndedAsync(RunningProgram.Start(
            _house.Folder, new Dictionary<string, string> { ["PORT"] = "0", ["DB_NAME"] = _house.Source, ["DRAIN_SECONDS"] = "soon" }, "doctor"));

        Assert.Equal(1, code);
        Assert.StartsWith("problem  settings  DRAIN_SECONDS must be a whole number from 0 to 3600, not \"soon\".\n                   Correct it:", said, StringComparison.Ordinal);
        Assert.Matches("^olha: 1 problem, [0-9]+ warnings?\\.$", complaint);
    }

    Task<(int Code, List<Found> Findings, string Text)> ExamineAsync() => ExamineAsync([]);

    async Task<(int Code, List<Found> Findings, string Text)> ExamineAsync(Dictionary<string, string> variables, params string[] more)
    {
        var (code, said, complaint) = await MovingHouse.EndedAsync(RunningProgram.Start(
            _house.Folder, new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DB_NAME"] = _house.Source }.Concat(variables)
                .GroupBy(static it => it.Key).ToDictionary(static it => it.Key, static it => it.Last().Value), ["doctor", "--json", .. more]));
        Assert.Equal("", complaint);
        var result = JsonNode.Parse(said.Split('\n')[^1])!;
        Assert.Equal(code == 0, (bool?)result["ok"]);
        var findings = result["findings"]!.AsArray().Select(static it => new Found(
            (string)it!["severity"]!, (string)it["area"]!, (string)it["code"]!, (string)it["text"]!, (string?)it["advice"])).ToList();
        Assert.All(findings, static it => Assert.True(it.Severity == "ok" || !string.IsNullOrEmpty(it.Advice), it.Text));
        return (code, findings, said);
    }

    static void Has(List<Found> findings, string severity, string area, string code) => Assert.True(
        findings.Any(it => (it.Severity, it.Area, it.Code) == (severity, area, code)), $"There is no {severity} {area} {code}:\n{string.Join('\n', findings)}");

    string State() => string.Join('\n', Directory.GetFiles(_house.Folder).Order(StringComparer.Ordinal)
        .Select(static it => $"{it} {File.GetLastWriteTimeUtc(it):O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(it)))}"));

    async Task ExecuteThereAsync(string sql)
    {
        await using var connection = await _house.OpenThereAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    static async Task ShellAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.WaitForExitAsync(Ct);
        Assert.Equal(0, process.ExitCode);
    }

    sealed record Found(string Severity, string Area, string Code, string Text, string? Advice);
}
