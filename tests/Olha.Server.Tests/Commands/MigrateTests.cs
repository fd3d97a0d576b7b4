using System.Text.Json.Nodes;
using Olha.Protocol;
using Olha.Server.Tests.Adoption;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary><c>olha migrate</c>: what was on SQLite is on PostgreSQL afterwards, and nobody notices but the operator.</summary>
public sealed class MigrateTests(PostgresServer postgres) : IAsyncLifetime
{
    MovingHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await MovingHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_server_with_everything_in_it_goes_on_on_PostgreSQL()
    {
        var life = new Life();
        await MovingHouse.VisitAsync(_house.ServeHere(), life.BeginAsync);

        var (code, said, complaint) = await _house.MigrateAsync();

        Assert.Equal((0, ""), (code, complaint));
        Assert.Contains("Sessions and what clients hold stay valid.", said, StringComparison.Ordinal);
        Assert.Null(await _house.CopiedAsync());
        await _house.AssertSameAsync();
        await MovingHouse.VisitAsync(_house.ServeThere(), life.GoOnAsync);
    }

    [Fact]
    public async Task A_file_of_the_original_moves_when_it_has_been_adopted()
    {
        using var original = OriginalFile.Genuine().Close();
        File.Copy(Directory.GetFiles(original.Folder, "*.db").Single(), _house.Source);

        var (code, _, complaint) = await _house.MigrateAsync();
        Assert.Equal(1, code);
        Assert.Contains($"was written by the original program. Start this version once with DB_NAME={_house.Source}", complaint, StringComparison.Ordinal);

        await MovingHouse.VisitAsync(_house.ServeHere(), _ => Task.CompletedTask);
        Assert.Equal(0, (await _house.MigrateAsync()).Code);
        await _house.AssertSameAsync();
        await MovingHouse.VisitAsync(_house.ServeThere(), async address =>
        {
            using var stranger = new Client(address);
            var alice = await stranger.PostAsync<OriginalUser>("/api/users/login", new OriginalCredentials("alice", "alice-secret-1"));
            Assert.Equal((1, "alice"), (alice.Id, alice.Username));
        });
    }

    [Fact]
    public async Task Ids_go_on_after_the_last_one_that_was_ever_given()
    {
        long last = 0;
        await MovingHouse.VisitAsync(_house.ServeHere(), async address =>
        {
            using var ana = await MovingHouse.SignUpAsync(address, "ana");
            using var other = await SignInAsync(address, "ana");
            last = (await other.GetAsync<SessionList>("/api/v1/sessions")).Sessions.Max(it => it.Id);
            await other.DoneAsync(HttpMethod.Delete, "/api/v1/session");
        });

        Assert.Equal(0, (await _house.MigrateAsync()).Code);

        await MovingHouse.VisitAsync(_house.ServeThere(), async address =>
        {
            using var ana = await SignInAsync(address, "ana");
            Assert.Equal(last + 1, (await ana.GetAsync<SessionList>("/api/v1/sessions")).Sessions.Max(it => it.Id));
        });
    }

    [Fact]
    public async Task The_file_that_is_left_behind_is_another_server_from_then_on()
    {
        await _house.TalkativeAsync(1);
        var epoch = _house.AskHere("SELECT value FROM epoch");

        Assert.Equal(0, (await _house.MigrateAsync()).Code);
        await MovingHouse.VisitAsync(_house.ServeHere(), _ => Task.CompletedTask);

        Assert.Equal(epoch, await _house.AskThereAsync<string>("SELECT value FROM epoch"));
        Assert.NotEqual(epoch, _house.AskHere("SELECT value FROM epoch"));
    }

    [Fact]
    public async Task What_clients_hold_is_not_trusted_when_the_file_is_a_copy()
    {
        await _house.TalkativeAsync(1);
        var copy = Path.Combine(_house.Folder, "copy.db");
        File.Copy(_house.Source, copy);

        var (code, said, _) = await _house.RunAsync("migrate", $"--from=sqlite:{copy}", $"--to={_house.Target}");

        Assert.Equal(0, code);
        Assert.Contains("Clients start afresh", said, StringComparison.Ordinal);
        Assert.NotEqual(_house.AskHere("SELECT value FROM epoch"), await _house.AskThereAsync<string>("SELECT value FROM epoch"));
    }

    [Fact]
    public async Task Machines_read_progress_and_result_line_by_line()
    {
        await _house.TalkativeAsync(500);

        var (code, said, complaint) = await _house.MigrateAsync("--json", "--chunk", "100");

        Assert.Equal((0, ""), (code, complaint));
        var lines = said.Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(lines[..^1], line => Assert.Equal("progress", (string?)line["type"]));
        Assert.Equal(["copying", "analyzing", "verifying"], lines[..^1].Select(line => (string?)line["phase"]).Distinct());
        Assert.Equal((long?)lines[^2]["total"], (long?)lines[^2]["done"]);
        Assert.Equal(("result", true, "done"), ((string?)lines[^1]["type"], (bool?)lines[^1]["ok"], (string?)lines[^1]["code"]));
        var messages = lines[^1]["tables"]!.AsArray().Single(table => (string?)table!["name"] == "messages")!;
        Assert.Equal(long.Parse(_house.AskHere("SELECT count(*) FROM messages")), (long?)messages["rows"]);
        Assert.Matches("^[0-9a-f]{32}$", (string?)messages["checksum"]);
    }

    static async Task<Guest> SignInAsync(Uri address, string name)
    {
        using var stranger = new Client(address);
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(name, Guest.Password, Bearer: true));
        return new Guest(address, answer.Me, answer.Token!);
    }
}
