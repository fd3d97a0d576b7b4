using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Olha.Protocol;
using Olha.Testing;

namespace Olha.Server.Tests.Configuration;

/// <summary>Each variable, set for the program as it ships: what it does, and what is said when it is wrong.</summary>
public sealed class VariableTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olha-variables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    RunningProgram Start(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["LIMIT_REGISTRATIONS_PER_HOUR"] = "0" };
        foreach (var (name, value) in variables) all[name] = value;
        return RunningProgram.Start(_folder, all);
    }

    static async Task<Guest> SignUpAsync(Uri address, string name = "ana")
    {
        using var stranger = new Client(address);
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(name, Guest.Password, Bearer: true));
        return new Guest(address, answer.Me, answer.Token!);
    }

    static async Task<About> AboutAsync(Uri address)
    {
        using var stranger = new Client(address);
        return await stranger.GetAsync<About>("/api/v1/about");
    }

    async Task RefusedAsync(string variable, params (string Name, string Value)[] variables)
    {
        await using var program = Start(variables);
        var (code, complaint) = await program.EndedAsync();
        Assert.Equal(1, code);
        // One clear line, and no stack trace.
        var line = Assert.Single(complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("olha: ", line);
        Assert.Contains(variable, line);
    }

    [Fact]
    public async Task PORT_is_listened_on_and_a_taken_one_is_one_clear_line()
    {
        var port = Ports.Free();
        await using var first = Start(("PORT", $"{port}"));
        Assert.Equal(port, (await first.Address).Port);

        await using var second = Start(("PORT", $"{port}"), ("DB_NAME", "other.db"));
        var (code, complaint) = await second.EndedAsync();

        Assert.Equal((1, $"olha: port {port} is taken. Stop the program that uses it, or set PORT to another one."), (code, complaint.Trim()));
        Assert.DoesNotContain("crit", second.Said, StringComparison.Ordinal); // nor does what was cut off on the way complain
    }

    [Fact]
    public async Task METRICS_BIND_that_cannot_be_had_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, Ports.Free());
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var taken = Start(("METRICS_BIND", $"127.0.0.1:{port}"));
        await using var elsewhere = Start(("METRICS_BIND", "192.0.2.7:9464"), ("DB_NAME", "other.db"));

        Assert.Equal((1, $"olha: port {port} is taken. Stop the program that uses it, or set METRICS_BIND to another one.\n"), await taken.EndedAsync());
        Assert.Equal((1, "olha: this machine has no address 192.0.2.7. Set METRICS_BIND to one that it has.\n"), await elsewhere.EndedAsync());
    }

    [Theory]
    [InlineData("PORT", "eighty")]
    [InlineData("PORT", "70000")]
    [InlineData("BIND", "everywhere")]
    [InlineData("DATABASE_URL", "mysql://localhost/olha")]
    [InlineData("BACKUP_EVERY", "0")]
    [InlineData("BACKUP_EVERY", "daily")]
    [InlineData("BACKUP_KEEP", "0")]
    [InlineData("REDIS_URL", "localhost:6379")]
    [InlineData("PUBLIC_URL", "chat.example.org")]
    [InlineData("REGISTRATION", "perhaps")]
    [InlineData("LOG_LEVEL", "loud")]
    [InlineData("LOG_FORMAT", "xml")]
    [InlineData("LIMIT_MESSAGES_PER_SECOND", "-1")]
    [InlineData("LIMIT_MESSAGE_BURST", "many")]
    [InlineData("LIMIT_CONNECTIONS_PER_USER", "1.5")]
    [InlineData("LIMIT_CONNECTIONS", "x")]
    [InlineData("LIMIT_LOGINS_PER_MINUTE", "-5")]
    [InlineData("LIMIT_REGISTRATIONS_PER_HOUR", "none")]
    [InlineData("LIMIT_MESSAGE_LENGTH", "99999999999999")]
    [InlineData("DRAIN_SECONDS", "soon")]
    [InlineData("PASSWORD_COST", "3")]
    [InlineData("PASSWORD_COST", "17")]
    public Task A_wrong_value_is_one_line_that_names_the_variable(string name, string value) => RefusedAsync(name, (name, value));

    [Fact]
    public async Task All_wrong_values_are_named_at_once()
    {
        await using var program = Start(("PORT", "x"), ("LOG_LEVEL", "x"), ("DRAIN_SECONDS", "x"));

        var (_, complaint) = await program.EndedAsync();

        Assert.Equal(3, complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task BIND_limits_where_it_listens()
    {
        await using var program = Start(("BIND", "127.0.0.1"));
        var address = await program.Address;
        Assert.Equal("127.0.0.1", address.Host);

        using var elsewhere = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await elsewhere.ConnectAsync("127.0.0.2", address.Port, Ct));
    }

    [Fact]
    public async Task DB_NAME_is_the_file_and_its_folder_is_made()
    {
        await using var program = Start(("DB_NAME", "deep/er/chat.db"));
        await program.Address;

        Assert.True(File.Exists(Path.Combine(_folder, "deep", "er", "chat.db")));
    }

    [Fact]
    public async Task DB_MIGRATIONS_PATH_replaces_the_embedded_scripts()
    {
        var scripts = Directory.CreateDirectory(Path.Combine(_folder, "scripts", "sqlite")).FullName;
        var assembly = typeof(ChatHost).Assembly;
        var embedded = assembly.GetManifestResourceNames().Where(it => it.StartsWith("schema.sqlite.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(embedded);
        foreach (var name in embedded)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            await File.WriteAllTextAsync(Path.Combine(scripts, name["schema.sqlite.".Length..]),
                (await reader.ReadToEndAsync(Ct)).Replace("'Olha Mensagem'", "'Our own chat'"), Ct);
        }

        await using var program = Start(("DB_MIGRATIONS_PATH", Path.Combine(_folder, "scripts")));

        Assert.Equal("Our own chat", (await AboutAsync(await program.Address)).Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("000001_create_users.up.sql")]
    public async Task DB_MIGRATIONS_PATH_that_is_missing_or_holds_the_originals_scripts_warns_and_the_embedded_ones_run(string? script)
    {
        var path = Path.Combine(_folder, "migrations");
        if (script is not null)
        {
            Directory.CreateDirectory(path);
            await File.WriteAllTextAsync(Path.Combine(path, script), "CREATE TABLE users (id INTEGER)", Ct);
        }

        await using var program = Start(("DB_MIGRATIONS_PATH", path));

        Assert.Equal("Olha Mensagem", (await AboutAsync(await program.Address)).Name);
        Assert.Contains("warn", program.Said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task DATABASE_URL_that_nobody_answers_is_one_clear_line_without_the_password()
    {
        await using var program = Start(("DATABASE_URL", $"postgres://olha:geheim@127.0.0.1:{Ports.Free()}/olha"));

        var (code, complaint) = await program.EndedAsync();

        Assert.Equal(1, code);
        Assert.Single(complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("geheim", complaint + program.Said);
    }

    [Fact]
    public async Task DATABASE_URL_switches_to_PostgreSQL()
    {
        Assert.SkipUnless(TestDatabase.HasPostgres, "There is no PostgreSQL for tests; script/test starts one.");
        await using var database = await TestDatabase.OnPostgresAsync();
        await using var program = Start(("DATABASE_URL", database.Apply(new()).DatabaseUrl!));

        var ana = await SignUpAsync(await program.Address);

        await ana.SayAsync(1, "olá");
        Assert.Equal("olá", (await ana.HistoryAsync(1))[^1].Body);
        Assert.Empty(Directory.GetFiles(_folder, "*.db", SearchOption.AllDirectories));
    }

    [Fact]
    public Task REDIS_URL_needs_DATABASE_URL() => RefusedAsync("REDIS_URL needs DATABASE_URL", ("REDIS_URL", "redis://127.0.0.1:6379"));

    [Fact]
    public async Task PUBLIC_URL_fixes_host_and_origin_and_makes_the_cookie_secure()
    {
        await using var program = Start(("PUBLIC_URL", "https://chat.example.org"));
        using var client = new Client(await program.Address);
        Task<HttpResponseMessage> SignUp(string name, string host, string origin) => client.SendAsync(
            HttpMethod.Post, "/api/v1/users", new SignUpBody(name, Guest.Password), ("Host", host), ("Origin", origin));

        using var ours = await SignUp("ana", "chat.example.org", "https://chat.example.org");
        Assert.Equal(HttpStatusCode.Created, ours.StatusCode);
        Assert.Contains("secure", ours.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        using var elsewhere = await SignUp("bruno", "chat.example.org", "https://evil.example");
        Assert.Equal("wrong_origin", (await elsewhere.ProblemAsync()).Code);
        using var rebound = await SignUp("bruno", "evil.example", "https://chat.example.org");
        Assert.Equal("wrong_host", (await rebound.ProblemAsync()).Code);
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("invite")]
    [InlineData("OPEN")]
    public async Task REGISTRATION_says_who_may_make_an_account_after_the_first(string value)
    {
        await using var program = Start(("REGISTRATION", value));
        var address = await program.Address;
        Assert.Equal((Enum.Parse<Registration>(value, ignoreCase: true), true), await AboutAsync(address) is var about ? (about.Registration, about.FirstRun) : default);
        Assert.Equal(Role.Owner, (await SignUpAsync(address)).Me.Role);

        using var stranger = new Client(address);
        using var second = await stranger.SendAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody("bruno", Guest.Password));

        if (value == "OPEN") Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        else Assert.Equal("registration_closed", (await second.ProblemAsync()).Code);
    }

    [Theory]
    [InlineData("DEBUG", true)]
    [InlineData("Information", true)]
    [InlineData("none", false)]
    public async Task LOG_LEVEL_takes_any_case_and_the_frameworks_names(string level, bool tells)
    {
        await using var program = Start(("LOG_LEVEL", level));
        var address = await program.Address;
        await SignUpAsync(address);
        program.Terminate();
        await program.EndedAsync();

        Assert.Equal(tells, program.Said.Contains("/api/v1/users", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LOG_FORMAT_json_is_one_object_a_line_and_holds_no_secrets()
    {
        await using var program = Start(("LOG_FORMAT", "json"), ("LOG_LEVEL", "debug"));
        var ana = await SignUpAsync(await program.Address);
        await ana.SayAsync(1, "a secret thing");
        await ana.HistoryAsync(1);
        program.Terminate();
        await program.EndedAsync();

        var lines = program.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => JsonSerializer.Deserialize(line, TestJson.Default.JsonElement));
        Assert.DoesNotContain("a secret thing", program.Said);
        Assert.DoesNotContain(ana.Token!, program.Said);
        Assert.DoesNotContain(Guest.Password, program.Said);
    }

    [Fact]
    public async Task LIMIT_MESSAGES_PER_SECOND_and_LIMIT_MESSAGE_BURST_bound_what_a_user_says()
    {
        await using var program = Start(("LIMIT_MESSAGES_PER_SECOND", "0.5"), ("LIMIT_MESSAGE_BURST", "2"));
        var ana = await SignUpAsync(await program.Address);
        await ana.SayAsync(1, "one");
        await ana.SayAsync(1, "two");

        var refused = await ana.RefusedAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", new DraftBody("three", "three"));

        Assert.Equal("too_fast", refused.Code);
        Assert.InRange(refused.RetryAfterMs!.Value, 1, 2000);
    }

    [Fact]
    public async Task LIMIT_CONNECTIONS_PER_USER_bounds_one_users_sockets()
    {
        await using var program = Start(("LIMIT_CONNECTIONS_PER_USER", "1"));
        var address = await program.Address;
        var ana = await SignUpAsync(address);
        await using var first = await ana.ListenAsync();

        await using var second = await Ear.ConnectAsync(address, ana.Token!);

        Assert.Equal(CloseCode.TooManyConnections, await second.ClosedAsync());
    }

    [Fact]
    public async Task LIMIT_CONNECTIONS_bounds_all_sockets()
    {
        await using var program = Start(("LIMIT_CONNECTIONS", "1"));
        var address = await program.Address;
        await using var first = await (await SignUpAsync(address)).ListenAsync();

        await using var second = await Ear.ConnectAsync(address, (await SignUpAsync(address, "bruno")).Token!);

        Assert.Equal(CloseCode.Overloaded, await second.ClosedAsync());
    }

    [Fact]
    public async Task LIMIT_LOGINS_PER_MINUTE_bounds_tries_of_one_address()
    {
        await using var program = Start(("LIMIT_LOGINS_PER_MINUTE", "1"));
        using var client = new Client(await program.Address);
        Assert.Equal("wrong_credentials", (await client.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody("ana", "wrong"))).Code);

        Assert.Equal("too_fast", (await client.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody("ana", "wrong"))).Code);
    }

    [Fact]
    public async Task LIMIT_REGISTRATIONS_PER_HOUR_bounds_accounts_of_one_address()
    {
        await using var program = Start(("LIMIT_REGISTRATIONS_PER_HOUR", "1"));
        var address = await program.Address;
        await SignUpAsync(address);
        using var client = new Client(address);

        Assert.Equal("too_fast", (await client.RefusedAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody("bruno", Guest.Password))).Code);
    }

    [Fact]
    public async Task LIMIT_MESSAGE_LENGTH_is_told_and_held()
    {
        await using var program = Start(("LIMIT_MESSAGE_LENGTH", "5"));
        var ana = await SignUpAsync(await program.Address);
        await using var ear = await ana.ListenAsync();
        Assert.Equal(5, ear.Welcome.Limits.MessageLength);

        await ana.SayAsync(1, "👋👋👋👋👋");

        Assert.Equal("too_long", (await ana.RefusedAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", new DraftBody("six", "123456"))).Code);
    }

    [Fact]
    public async Task DRAIN_SECONDS_bounds_a_graceful_end()
    {
        await using var program = Start(("DRAIN_SECONDS", "5"));
        var ana = await SignUpAsync(await program.Address);
        await using var ear = await ana.ListenAsync();
        await ana.SayAsync(1, "last words");

        program.Terminate();

        Assert.Equal(CloseCode.Restart, await ear.ClosedAsync());
        Assert.Equal(0, (await program.EndedAsync()).Code);
    }

    [Fact]
    public async Task A_dotenv_file_is_read_and_the_environment_wins()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, ".env"), "# ours\nLIMIT_MESSAGE_LENGTH=7\nREGISTRATION=\"closed\"\n", Ct);
        await using var program = Start(("REGISTRATION", "open"));
        var ana = await SignUpAsync(await program.Address);
        await using var ear = await ana.ListenAsync();

        Assert.Equal(7, ear.Welcome.Limits.MessageLength);
        Assert.Equal(Registration.Open, (await AboutAsync(await program.Address)).Registration);
    }

    [Fact]
    public async Task Health_and_ready_answer()
    {
        await using var program = Start();
        using var client = new Client(await program.Address);

        using var alive = await client.SendAsync(HttpMethod.Get, "/health");
        using var ready = await client.SendAsync(HttpMethod.Get, "/ready");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (alive.StatusCode, ready.StatusCode));
    }

    [Fact]
    public async Task Killed_and_started_again_everything_acknowledged_is_there_once_in_order()
    {
        var port = Ports.Free();
        var first = Start(("PORT", $"{port}"), ("LIMIT_MESSAGES_PER_SECOND", "0"));
        var ana = await SignUpAsync(await first.Address);
        var acknowledged = new List<string>();
        await using (var ear = await ana.ListenAsync())
        {
            for (var i = 0; i < 200; i++) await ear.SendAsync(new Post(1, $"k{i}", $"{i}"));
            for (var i = 0; i < 120; i++) acknowledged.Add((await ear.NextAsync<Ack>()).Cid);
            await first.DisposeAsync(); // kill -9
        }

        await using var second = Start(("PORT", $"{port}"), ("LIMIT_MESSAGES_PER_SECOND", "0"));
        await second.Address;
        // What has no answer is asked again, with the same cids.
        for (var i = 0; i < 200; i++) await ana.PostAsync<Ack>("/api/v1/rooms/1/messages", new DraftBody($"k{i}", $"{i}"));

        var texts = (await ana.GetAsync<MessagePage>("/api/v1/rooms/1/messages?limit=200&after=1")).Messages.Where(it => it.Kind == MessageKind.Text).ToList();
        Assert.Equal(200, acknowledged.Union(texts.Select(it => it.Cid!)).Count());
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), texts.Select(it => it.Body));
    }
}
