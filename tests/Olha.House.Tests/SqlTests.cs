using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Olha.House.Tests;

/// <summary>Every SQL statement of the program is checked against the schemas, as the original checked its own by generating code.</summary>
public sealed partial class SqlTests(MigratedDatabases databases) : IClassFixture<MigratedDatabases>
{
    // The tables of the program that this one succeeds, in its last form.
    const string Original = """
        CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE, password TEXT, created_at TIMESTAMP);
        CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT, description TEXT, created_by INTEGER REFERENCES users (id), created_at TIMESTAMP);
        CREATE TABLE messages (id INTEGER PRIMARY KEY, channel_id INTEGER, user_id INTEGER, user_color TEXT, content TEXT, created_at TIMESTAMP);
        CREATE TABLE schema_migrations (version INTEGER, dirty BOOLEAN);
        """;

    static readonly CompiledCode s_server = new(typeof(Server.ChatHost).Assembly);
    static readonly IReadOnlyList<Statement> s_statements =
        [.. s_server.Statements(), .. new CompiledCode(typeof(Storage.Database).Assembly).Statements()];

    [Fact]
    public void All_SQL_of_the_server_is_constant() => Assert.Empty(s_server.LooseSql());

    [Fact]
    public void SQL_that_is_written_in_a_method_is_found()
    {
        var found = new CompiledCode(typeof(SqlTests).Assembly).LooseSql().Where(text => text.Contains(nameof(LooseOnPurpose), StringComparison.Ordinal));

        Assert.Equal(2, found.Count());
    }

    [Fact]
    public async Task Every_statement_can_be_prepared_on_SQLite()
    {
        var problems = await ProblemsAsync(Kind.Sqlite, statement => PrepareAsync(databases.Sqlite, statement));

        Assert.Empty(problems);
    }

    [Fact]
    public async Task Every_statement_can_be_prepared_on_PostgreSQL()
    {
        var problems = await ProblemsAsync(Kind.Postgres, statement => PrepareAsync(databases.Postgres, statement));

        Assert.Empty(problems);
    }

    [Fact]
    public async Task Every_statement_for_the_originals_tables_can_be_prepared_there()
    {
        await using var original = new SqliteConnection("Data Source=:memory:");
        await original.OpenAsync(TestContext.Current.CancellationToken);
        await MigratedDatabases.ExecuteAsync(original, Original);

        Assert.Contains(s_statements, statement => statement.Kind is Kind.Original);
        foreach (var statement in s_statements.Where(statement => statement.Kind is Kind.Original)) await PrepareAsync(original, statement);
    }

    [Theory]
    [InlineData("SELECT nothing FROM rooms")]
    [InlineData("SELECT id FROM rooms WHERE name = @name AND")]
    public async Task A_statement_that_does_not_fit_the_schema_is_found(string sql)
    {
        var wrong = new Statement("", "Store", "Wrong", sql, Kind.Both);

        await Assert.ThrowsAnyAsync<DbException>(() => PrepareAsync(databases.Sqlite, wrong));
        await Assert.ThrowsAnyAsync<DbException>(() => PrepareAsync(databases.Postgres, wrong));
    }

    [Fact]
    public void Only_one_folder_writes_a_table()
    {
        var writers =
            from statement in s_statements
            where statement.Space.StartsWith("Olha.Server.", StringComparison.Ordinal) && !statement.Space.EndsWith(".Adoption", StringComparison.Ordinal)
            from write in Write().Matches(statement.Text)
            group statement.Space by write.Groups[1].Value into table
            where table.Distinct().Count() > 1
            select $"{table.Key} is written by {string.Join(" and ", table.Distinct())}";

        Assert.Empty(writers);
    }

    [Fact]
    public void What_one_node_does_at_a_time_it_asks_the_database_for() => Assert.Empty(ClusterLocks(s_server));

    [Fact]
    public void A_lock_that_is_taken_past_it_is_found() =>
        Assert.Equal(nameof(LockOnPurpose), Assert.Single(ClusterLocks(new(typeof(SqlTests).Assembly))).Field);

    [Fact]
    public void No_database_call_is_left_to_reflection() => Assert.Empty(ReflectedCalls(s_server, "Olha.Server"));

    [Fact]
    public void A_database_call_that_is_left_to_reflection_is_found() =>
        Assert.Single(ReflectedCalls(new(typeof(SqlTests).Assembly), "Olha.House"));

    static IEnumerable<Statement> ClusterLocks(CompiledCode code) =>
        code.Statements().Where(statement => statement.Text.Contains("advisory", StringComparison.Ordinal));

    static IEnumerable<string> ReflectedCalls(CompiledCode code, string space) =>
        from call in code.Calls()
        where call.Called.DeclaringType.FullName.StartsWith("Dapper.SqlMapper", StringComparison.Ordinal) && call.Method.Contains(space, StringComparison.Ordinal)
        select $"{call.Method} calls {call.Called.Name}";

    static async Task<List<string>> ProblemsAsync(Kind kind, Func<Statement, Task> prepare)
    {
        var meant = s_statements.Where(statement => statement.Kind == kind || statement.Kind is Kind.Both).ToList();
        Assert.True(meant.Count > 20, $"{meant.Count} statements: the collector has lost most of them");
        var problems = new List<string>();
        foreach (var statement in meant)
            try
            {
                await prepare(statement);
            }
            catch (DbException problem)
            {
                problems.Add($"{statement}: {problem.Message}");
            }

        return problems;
    }

    static Task PrepareAsync(DbConnection connection, Statement statement)
    {
        if (connection is not SqliteConnection sqlite)
            return MigratedDatabases.ExecuteAsync(connection, statement.Text.StartsWith("SHOW ", StringComparison.Ordinal)
                ? statement.Text // reads a setting; there is nothing to prepare
                : $"PREPARE it AS {Numbered(statement.Text)}; DEALLOCATE it");

        using var command = new SqliteCommand(statement.Text, sqlite);
        command.Prepare();
        return Task.CompletedTask;
    }

    // PostgreSQL infers the types of $1, $2, ... as it does for the driver.
    static string Numbered(string sql)
    {
        var names = new List<string>();
        return Name().Replace(sql, match =>
        {
            if (!names.Contains(match.Value)) names.Add(match.Value);
            return $"${names.IndexOf(match.Value) + 1}";
        });
    }

    // Never run: what the guards above must see.
    const string LockOnPurpose = "SELECT pg_try_advisory_lock(1)";
    static string LooseOnPurpose(long room) => room > 0 ? $"SELECT id FROM rooms WHERE id = {room}" : "DELETE FROM rooms";
    static List<int> ReflectedOnPurpose() => Dapper.SqlMapper.AsList<int>([1]);

    [GeneratedRegex(@"@[A-Za-z_]\w*")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?:INSERT INTO|(?<!DO |FOR )UPDATE|DELETE FROM) (\w+)")]
    private static partial Regex Write();
}
