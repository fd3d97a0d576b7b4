using Olha.Testing;

namespace Olha.Storage.Tests;

/// <summary>Where a test's database lives: the same tests run on both kinds.</summary>
public abstract class Place : IAsyncDisposable
{
    /// <summary>The same place each time it is asked.</summary>
    public abstract Task<DatabaseOptions> OptionsAsync();

    public async Task<Database> OpenAsync() => await Database.OpenAsync(await OptionsAsync(), TestContext.Current.CancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A file in a folder of its own.</summary>
public sealed class SqlitePlace : Place
{
    public TempFolder Folder { get; } = new();

    public string File => Folder["notes.db"];

    public static DatabaseOptions At(string path) => new() { SchemaAssembly = typeof(Place).Assembly, SqlitePath = path };

    public override Task<DatabaseOptions> OptionsAsync() => Task.FromResult(At(File));

    public override ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A database of its own on the tests' server.</summary>
public sealed class PostgresPlace(PostgresServer server) : Place
{
    string? _url;

    public override async Task<DatabaseOptions> OptionsAsync() => new()
    {
        SchemaAssembly = typeof(Place).Assembly, PostgresUrl = _url ??= await server.NewDatabaseAsync(),
    };

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
