using System.Text.RegularExpressions;
using Olha.Testing;

namespace Olha.House.Tests;

/// <summary>Files stay short enough to be read, scripts come in pairs, and generated files are fresh.</summary>
public sealed partial class FileTests
{
    const int Longest = 400;

    // The directive, not the statement.
    [GeneratedRegex(@"^using (static )?[\w.]+( = .+)?;$")]
    private static partial Regex Using { get; }

    [Fact]
    public void No_source_file_is_longer_than_400_lines() => Assert.Empty(TooLong(Repository.Root));

    [Fact]
    public void A_file_that_is_too_long_is_found_and_a_generated_one_is_not()
    {
        using var folder = new TempFolder();
        Write(folder, "src/Fine.cs", Lines(Longest));
        Write(folder, "src/Deep/Long.cs", Lines(Longest + 1));
        Write(folder, "web/src/lib/Long.svelte", Lines(Longest + 1));
        Write(folder, "web/src/lib/types.ts", "// Generated from there\n" + Lines(Longest + 1));
        Write(folder, "web/node_modules/theirs/long.ts", Lines(Longest + 1));

        Assert.Equal(["src/Deep/Long.cs", "web/src/lib/Long.svelte"], TooLong(folder.Path).Order());
    }

    [Fact]
    public void Every_schema_script_has_its_twin() => Assert.Empty(WithoutTwin(Path.Combine(Repository.Root, "src/Olha.Server/Schema")));

    [Fact]
    public void A_schema_script_without_its_twin_is_found()
    {
        using var folder = new TempFolder();
        Write(folder, "sqlite/V0001__one.sql", "");
        Write(folder, "postgres/V0001__one.sql", "");
        Write(folder, "sqlite/V0002__two.sql", "");
        Write(folder, "postgres/V0002__too.sql", "");

        Assert.Equal(["V0002__too.sql", "V0002__two.sql"], WithoutTwin(folder.Path).Order());
    }

    public static TheoryData<string> Generated => [.. Generate.GeneratedFile.All.Select(file => file.Path)];

    [Theory, MemberData(nameof(Generated))]
    public void A_generated_file_is_what_script_generate_would_write(string path)
    {
        var file = Generate.GeneratedFile.All.Single(file => file.Path == path);

        Assert.Equal(file.Render(), Repository.Read(path));
    }

    [Fact]
    public void A_generated_file_that_was_changed_or_is_missing_is_found()
    {
        using var folder = new TempFolder();
        var file = new Generate.GeneratedFile("types.ts", () => "fresh");

        Assert.False(file.IsCurrent(folder.Path));
        Write(folder, "types.ts", "stale");
        Assert.False(file.IsCurrent(folder.Path));
        file.Write(folder.Path);
        Assert.True(file.IsCurrent(folder.Path));
    }

    [Fact]
    public void Usings_are_in_order() => Assert.Empty(OutOfOrder(Repository.Root));

    [Fact]
    public void Usings_out_of_order_are_found()
    {
        using var folder = new TempFolder();
        Write(folder, "src/Fine.cs", "using System;\nusing System.Net;\nusing Dapper;\nusing Olha.Storage;\nusing Olha.Storage.Moving;\nusing static System.Math;\nusing A = B.C;\n");
        Write(folder, "src/System.cs", "using Dapper;\nusing System.Net;\n");
        Write(folder, "src/Letters.cs", "using Olha.Storage;\nusing Olha.Protocol;\n");
        Write(folder, "src/Alias.cs", "using A = B.C;\nusing Olha.Protocol;\n");

        Assert.Equal(["src/Alias.cs", "src/Letters.cs", "src/System.cs"], OutOfOrder(folder.Path).Order());
    }

    // The compiler does not look at it: System first, the rest by name, then what is static, then other names.
    static IEnumerable<string> OutOfOrder(string root) =>
        from file in Sources(root, ".cs")
        let usings = File.ReadLines(file).TakeWhile(static line => line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || Using.IsMatch(line))
            .Where(static line => Using.IsMatch(line)).ToArray()
        where !usings.SequenceEqual(usings.OrderBy(Place).ThenBy(static line => line[..^1], StringComparer.OrdinalIgnoreCase))
        select Path.GetRelativePath(root, file);

    static int Place(string line) =>
        line.Contains(" = ", StringComparison.Ordinal) ? 3 : line.StartsWith("using static ", StringComparison.Ordinal) ? 2
        : line is "using System;" || line.StartsWith("using System.", StringComparison.Ordinal) ? 0 : 1;

    static IEnumerable<string> TooLong(string root) =>
        from file in Sources(root, ".cs", ".ts", ".svelte", ".sql")
        where File.ReadLines(file).Skip(Longest).Any() && !File.ReadLines(file).First().Contains("Generated from", StringComparison.Ordinal)
        select Path.GetRelativePath(root, file);

    static IEnumerable<string> Sources(string root, params string[] kinds) =>
        from folder in (string[])["src", "web", "tests", "script", "bench"]
        where Directory.Exists(Path.Combine(root, folder))
        from file in Under(Path.Combine(root, folder))
        where kinds.Contains(Path.GetExtension(file))
        select file;

    static IEnumerable<string> Under(string folder) =>
        Directory.GetDirectories(folder)
            .Where(inner => Path.GetFileName(inner) is not ("bin" or "obj" or "node_modules" or "build" or "paraglide" or ".svelte-kit"))
            .SelectMany(Under)
            .Concat(Directory.GetFiles(folder));

    static IEnumerable<string> WithoutTwin(string schema)
    {
        var (sqlite, postgres) = (Names("sqlite"), Names("postgres"));
        return sqlite.Except(postgres).Concat(postgres.Except(sqlite));

        HashSet<string> Names(string dialect) => [.. Directory.GetFiles(Path.Combine(schema, dialect), "*.sql").Select(file => Path.GetFileName(file))];
    }

    static string Lines(int count) => string.Concat(Enumerable.Repeat("line\n", count));

    static void Write(TempFolder folder, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllText(folder[path], text);
    }
}
