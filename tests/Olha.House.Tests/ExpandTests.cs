using System.Text.RegularExpressions;

namespace Olha.House.Tests;

/// <summary>A schema script whose name promises that the previous program works on after it keeps that promise, as far as can be read.</summary>
public sealed partial class ExpandTests
{
    [Fact]
    public void A_script_that_expands_takes_nothing_away_and_asks_for_nothing_new() => Assert.Empty(
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/Olha.Server/Schema"), "V*__expand_*.sql", SearchOption.AllDirectories)
        from broken in Broken(File.ReadAllText(file))
        select $"{Path.GetRelativePath(Repository.Root, file)}: {broken}");

    [Theory]
    [InlineData("DROP TABLE rooms")]
    [InlineData("ALTER TABLE rooms DROP COLUMN topic")]
    [InlineData("ALTER TABLE rooms RENAME COLUMN topic TO subject")]
    [InlineData("ALTER TABLE rooms ALTER COLUMN topic SET NOT NULL")]
    [InlineData("ALTER TABLE rooms ADD COLUMN stars BIGINT NOT NULL")]
    [InlineData("CREATE UNIQUE INDEX rooms_topic ON rooms (topic)")]
    public void One_that_does_not_is_found(string statement) =>
        Assert.Equal([statement], Broken($"-- DROP TABLE is only spoken of.\nCREATE TABLE stars (id BIGINT NOT NULL);\n{statement};"));

    [Theory]
    [InlineData("ALTER TABLE rooms ADD COLUMN stars BIGINT NOT NULL DEFAULT 0")]
    [InlineData("ALTER TABLE rooms ADD COLUMN stars BIGINT")]
    [InlineData("CREATE TABLE stars (room_id BIGINT NOT NULL); CREATE UNIQUE INDEX stars_room ON stars (room_id)")]
    [InlineData("CREATE INDEX rooms_topic ON rooms (topic)")]
    [InlineData("INSERT INTO settings (id) VALUES (1) ON CONFLICT DO NOTHING")]
    public void One_that_does_is_not(string statements) => Assert.Empty(Broken(statements));

    static IEnumerable<string> Broken(string script)
    {
        var statements = Comment().Replace(script, "").Split(';').Select(it => it.Trim()).Where(it => it.Length > 0).ToList();
        var own = statements.Select(it => NewTable().Match(it)).Where(it => it.Success).Select(it => it.Groups[1].Value).ToHashSet();
        return statements.Where(it =>
            Taking().IsMatch(it)
            || (NewColumn().IsMatch(it) && it.Contains("NOT NULL", StringComparison.Ordinal) && !it.Contains("DEFAULT", StringComparison.Ordinal))
            || (NewUniqueness().Match(it) is { Success: true } index && !own.Contains(index.Groups[1].Value)));
    }

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^CREATE TABLE (\w+)")]
    private static partial Regex NewTable();

    [GeneratedRegex(@"\b(DROP|RENAME|TRUNCATE|ALTER COLUMN)\b")]
    private static partial Regex Taking();

    [GeneratedRegex(@"\bADD COLUMN\b")]
    private static partial Regex NewColumn();

    [GeneratedRegex(@"^CREATE UNIQUE INDEX \w+ ON (\w+)")]
    private static partial Regex NewUniqueness();
}
