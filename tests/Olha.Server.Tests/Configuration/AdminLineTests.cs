using System.Text.Json;
using System.Text.Json.Nodes;
using Olha.Protocol;

namespace Olha.Server.Tests.Configuration;

/// <summary><c>olha admin</c>: the real program beside, before and after a real server.</summary>
public sealed class AdminLineTests : IAsyncLifetime
{
    TestDatabase _database = null!;
    Dictionary<string, string> _variables = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        var options = _database.Apply(new());
        _variables = new() { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DB_NAME"] = options.DbName };
        if (options.DatabaseUrl is { } url) _variables["DATABASE_URL"] = url;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task An_owner_who_is_locked_out_gets_in_again()
    {
        await WithServerAsync(async address =>
        {
            using var ana = await SignUpAsync(address, "ana");
            using var bruno = await SignUpAsync(address, "bruno");
            await ana.PatchAsync<Account>($"/api/v1/admin/people/{bruno.Id}", new AccountBody(State: PersonState.Banned));
        });

        var (code, said, complaint) = await RunAsync("a new password\n", "reset-password", "ANA", "--password-stdin");
        Assert.Equal((0, "ANA has a new password and is signed out everywhere.", ""), (code, said, complaint));
        Assert.Equal((0, "bruno can come in again.", ""), await RunAsync("", "enable", "bruno"));
        Assert.Equal((0, "bruno can come in already.", ""), await RunAsync("", "enable", "bruno"));
        Assert.Equal((0, "bruno is an owner now: sign in anew.", ""), await RunAsync("", "make-owner", "bruno"));
        Assert.Equal((0, "bruno is an owner already.", ""), await RunAsync("", "make-owner", "bruno"));

        await WithServerAsync(async address =>
        {
            using var stranger = new Client(address);
            Assert.Equal("wrong_credentials", (await stranger.RefusedAsync(
                HttpMethod.Post, "/api/v1/sessions", new SignInBody("ana", Guest.Password))).Code);
            using var ana = await SignInAsync(address, "ana", "a new password");
            using var bruno = await SignInAsync(address, "bruno", Guest.Password);
            Assert.Equal((Role.Owner, Role.Owner), (ana.Me.Role, bruno.Me.Role));
            var entries = (await ana.GetAsync<AuditList>("/api/v1/admin/audit")).Entries.Where(it => it.ActorId is null);
            Assert.Equal(
                [(AuditAction.RoleChanged, bruno.Id), (AuditAction.Enabled, bruno.Id), (AuditAction.PasswordReset, ana.Id)],
                entries.Select(it => (it.Action, it.UserId!.Value)));
        });
    }

    [Fact]
    public async Task A_reset_ends_the_sessions_that_there_were()
    {
        string token = "";
        await WithServerAsync(async address =>
        {
            using var ana = await SignUpAsync(address, "ana");
            token = ana.Token!;
        });

        await RunAsync("a new password", "reset-password", "--password-stdin", "ana");

        await WithServerAsync(async address =>
        {
            using var old = new Client(address, token);
            Assert.Equal("no_session", (await old.RefusedAsync(HttpMethod.Get, "/api/v1/me")).Code);
        });
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_there_is_a_link()
    {
        await WithServerAsync(async address => (await SignUpAsync(address, "ana")).Dispose());
        _variables["PUBLIC_URL"] = "https://chat.example";

        var (code, said, complaint) = await RunAsync("", "reset-password", "ana");

        Assert.Equal((0, ""), (code, complaint));
        Assert.Matches("https://chat\\.example/link#[A-Za-z0-9_-]{43}", said);
        Assert.Contains("24 hours", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_lists_who_has_an_account()
    {
        await WithServerAsync(async address =>
        {
            using var ana = await SignUpAsync(address, "ana");
            using var joao = await SignUpAsync(address, "joão");
            await ana.PatchAsync<Account>($"/api/v1/admin/people/{joao.Id}", new AccountBody(Role.Guest, PersonState.Disabled));
        });

        var (code, said, complaint) = await RunAsync("", "list");
        Assert.Equal((0, ""), (code, complaint));
        Assert.Equal(3, said.Split('\n').Length);
        Assert.Matches(@"1  owner   active    \S+ +ana\r?\n +2  guest   disabled  \S+ +joão", said);

        var (_, json, _) = await RunAsync("", "list", "--json");
        var accounts = JsonSerializer.Deserialize(json, ProtocolJson.Wire.AccountList)!.Accounts;
        Assert.Equal([("ana", Role.Owner, null), ("joão", Role.Guest, PersonState.Disabled)],
            accounts.Select(it => (it.Person.Username, it.Person.Role, it.Person.State)));
    }

    [Theory]
    [InlineData("olha: Nobody is called carla. See olha admin list.", "reset-password", "carla", "--password-stdin")]
    [InlineData("olha: Nobody is called carla. See olha admin list.", "reset-password", "carla")]
    [InlineData("olha: Nobody is called carla. See olha admin list.", "make-owner", "carla")]
    [InlineData("olha: Nobody is called carla. See olha admin list.", "enable", "carla")]
    [InlineData("olha: A password has at least 8 characters and at most 72 bytes.", "reset-password", "ana", "--password-stdin")]
    public async Task What_cannot_be_done_is_said_in_one_line(string expected, params string[] arguments)
    {
        await WithServerAsync(async address => (await SignUpAsync(address, "ana")).Dispose());

        Assert.Equal((1, "", expected), await RunAsync("short", arguments));
    }

    [Fact]
    public async Task Without_a_database_nobody_has_an_account_and_none_is_made()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, "a server's database is there");
        var (code, said, complaint) = await RunAsync("", "list");

        Assert.Equal((1, "", $"olha: there is no database {_variables["DB_NAME"]}: nobody has an account yet."), (code, said, complaint));
        Assert.Empty(Directory.GetFileSystemEntries(_database.Folder));
    }

    [Fact]
    public async Task Beside_a_running_server_it_says_what_to_do_or_does_it() => await WithServerAsync(async address =>
    {
        using var ana = await SignUpAsync(address, "ana");

        var (code, said, complaint) = await RunAsync("a new password", "reset-password", "ana", "--password-stdin");

        if (TestDatabase.IsPostgres)
        {
            Assert.Equal((0, "ana has a new password and is signed out everywhere.", ""), (code, said, complaint));
            using var again = await SignInAsync(address, "ana", "a new password");
        }
        else
        {
            Assert.Equal((1, ""), (code, said));
            Assert.StartsWith($"olha: the server is running and has {_variables["DB_NAME"]} to itself. Stop it", complaint, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', complaint);
            await ana.GetAsync<Person>("/api/v1/me");
        }
    });

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("make-owner", "--help")]
    public async Task It_says_how_it_is_used(params string[] arguments)
    {
        var (code, said, complaint) = await RunAsync("", arguments is [""] ? [] : arguments);

        Assert.Equal((0, ""), (code, complaint));
        Assert.Contains("olha admin reset-password NAME", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate is nothing it knows", "frobnicate")]
    [InlineData("--xml is nothing it knows", "list", "--xml")]
    [InlineData("list ana is nothing it knows", "list", "ana")]
    [InlineData("make-owner needs the NAME of somebody", "make-owner")]
    [InlineData("make-owner --password-stdin is nothing it knows", "make-owner", "ana", "--password-stdin")]
    [InlineData("bruno is nothing it knows", "enable", "ana", "bruno")]
    [InlineData("--password is nothing it knows: did you mean --password-stdin?", "reset-password", "ana", "--password", "secret")]
    public async Task It_does_not_guess_what_was_meant(string expected, params string[] arguments)
    {
        var (code, said, complaint) = await RunAsync("", arguments);

        Assert.Equal((2, "", $"olha: admin {expected}{(expected.EndsWith('?') ? "" : ".")} See olha admin --help."), (code, said, complaint));
        Assert.Equal((2, "", false), (await RunAsync("", [.. arguments, "--json"])) is var (exit, json, silence) ? (exit, silence, (bool?)JsonNode.Parse(json)!["ok"]) : default);
    }

    [Fact]
    public async Task A_wrong_setting_is_told()
    {
        _variables["REGISTRATION"] = "perhaps";

        var (code, _, complaint) = await RunAsync("", "list");

        Assert.Equal(1, code);
        Assert.StartsWith("olha: REGISTRATION", complaint, StringComparison.Ordinal);
    }

    async Task<(int Code, string Said, string Complaint)> RunAsync(string input, params string[] arguments)
    {
        await using var program = RunningProgram.StartWith(input, _database.Folder, _variables, ["admin", .. arguments]);
        var (code, complaint) = await program.EndedAsync();
        return (code, program.Said.TrimEnd(), complaint.TrimEnd());
    }

    async Task WithServerAsync(Func<Uri, Task> visit)
    {
        await using var server = RunningProgram.Start(_database.Folder, _variables);
        await visit(await server.Address);
        server.Terminate();
        await server.EndedAsync();
    }

    static async Task<Guest> SignUpAsync(Uri address, string name)
    {
        using var stranger = new Client(address);
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(name, Guest.Password, Bearer: true));
        return new Guest(address, answer.Me, answer.Token!);
    }

    static async Task<Guest> SignInAsync(Uri address, string name, string password)
    {
        using var stranger = new Client(address);
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(name, password, Bearer: true));
        return new Guest(address, answer.Me, answer.Token!);
    }
}
