using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Storage;

namespace Olha.Server.Tests.Cluster;

/// <summary>Nodes as processes of their own, of this version or as if of the next, on one PostgreSQL database.</summary>
internal sealed class NodePrograms : IAsyncDisposable
{
    const string Schema = "schema.postgres.";

    readonly TestDatabase _database;
    readonly List<RunningProgram> _programs = [];

    NodePrograms(TestDatabase database) => _database = database;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<NodePrograms> OnNewDatabaseAsync() => new(await TestDatabase.OnPostgresAsync());

    /// <summary>Starts one more, and does not wait for it.</summary>
    public RunningProgram Start(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>
        {
            ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["LIMIT_REGISTRATIONS_PER_HOUR"] = "0", ["LIMIT_MESSAGES_PER_SECOND"] = "0",
            ["DATABASE_URL"] = _database.Apply(new ServerOptions()).DatabaseUrl!,
        };
        foreach (var (name, value) in variables) all[name] = value;
        var program = RunningProgram.Start(_database.Folder, all);
        _programs.Add(program);
        return program;
    }

    /// <summary>Opens the database as an olha that knows the first scripts only, and closes it again.</summary>
    public async Task MakeOldAsync(int scripts)
    {
        var folder = await ScriptsAsync($"first-{scripts}", Own().Take(scripts));
        await using var database = await OpenAsync(folder);
    }

    /// <summary>What <c>DB_MIGRATIONS_PATH</c> has to be for a program that stands for the next version: it has one script more.</summary>
    public Task<string> NextScriptsAsync(string name, string text) => ScriptsAsync(name, Own(), (name, text));

    /// <summary>A figure of the database.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var database = await OpenAsync(folder: null);
        return await database.ReadAsync(session => session.ScalarAsync<long>(sql), Ct);
    }

    /// <summary>Keeps everybody from a table until it is disposed.</summary>
    public Task<IAsyncDisposable> LockAsync(string table) => _database.LockAsync(table);

    /// <summary>Somebody new.</summary>
    public static async Task<Guest> SignUpAsync(RunningProgram at, string name)
    {
        var address = await at.Address;
        using var stranger = new Client(address);
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(name, Guest.Password, Bearer: true));
        return new Guest(address, answer.Me, answer.Token!);
    }

    /// <summary>The same person and session at another node.</summary>
    public static async Task<Guest> AtAsync(RunningProgram node, Guest guest) => new(await node.Address, guest.Me, guest.Token!);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        await _database.DisposeAsync();
    }

    Task<Database> OpenAsync(string? folder) => Database.OpenAsync(new DatabaseOptions
    {
        SchemaAssembly = typeof(ChatHost).Assembly, SchemaFolder = folder, PostgresUrl = _database.Apply(new ServerOptions()).DatabaseUrl,
    }, Ct);

    static IEnumerable<string> Own() => typeof(ChatHost).Assembly.GetManifestResourceNames()
        .Where(it => it.StartsWith(Schema, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    async Task<string> ScriptsAsync(string name, IEnumerable<string> own, params (string Name, string Text)[] more)
    {
        var root = Path.Combine(_database.Folder, name);
        var folder = Directory.CreateDirectory(Path.Combine(root, "postgres")).FullName;
        foreach (var resource in own)
        {
            using var text = new StreamReader(typeof(ChatHost).Assembly.GetManifestResourceStream(resource)!);
            await File.WriteAllTextAsync(Path.Combine(folder, resource[Schema.Length..]), await text.ReadToEndAsync(Ct), Ct);
        }
        foreach (var (script, text) in more) await File.WriteAllTextAsync(Path.Combine(folder, script), text, Ct);
        return root;
    }
}
