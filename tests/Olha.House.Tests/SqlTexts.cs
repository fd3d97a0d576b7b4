using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Olha.House.Tests;

/// <summary>Where a statement is meant to run.</summary>
internal enum Kind { Both, Sqlite, Postgres, Original }

/// <summary>A statement of the program: the constant field that holds it.</summary>
internal sealed record Statement(string Space, string Type, string Field, string Text, Kind Kind)
{
    public override string ToString() => $"{Type}.{Field}";
}

/// <summary>The SQL that compiled code holds.</summary>
internal static partial class SqlTexts
{
    /// <summary>Every constant field that is a statement.</summary>
    public static IReadOnlyList<Statement> Statements(this CompiledCode code) =>
    [
        .. from type in code.Types
           from field in type.Fields
           where field is { HasConstant: true, Constant: string } && LooksLikeSql((string)field.Constant)
           select new Statement(Space(type), type.Name, field.Name, (string)field.Constant, KindOf(type, field.Name)),
    ];

    /// <summary>SQL in a method's body that is no constant field's: put together there, or written in place.</summary>
    public static IEnumerable<string> LooseSql(this CompiledCode code)
    {
        var known = code.Statements().Select(statement => statement.Text).ToHashSet();
        return from text in code.Texts()
               where LooksLikeSql(text.Text) && !known.Contains(text.Text)
               select $"{text.Method}: {text.Text}";
    }

    public static bool LooksLikeSql(string text) => Begin().IsMatch(text);

    static string Space(TypeDefinition type) => type.DeclaringType is { } outer ? Space(outer) : type.Namespace;

    static Kind KindOf(TypeDefinition type, string field) =>
        field.EndsWith("Original", StringComparison.Ordinal) ? Kind.Original
        : field.EndsWith("Sqlite", StringComparison.Ordinal) || Space(type).EndsWith(".Sqlite", StringComparison.Ordinal) ? Kind.Sqlite
        : field.EndsWith("Postgres", StringComparison.Ordinal) || Space(type).EndsWith(".Postgres", StringComparison.Ordinal) ? Kind.Postgres
        : Kind.Both;

    // Statements begin with a verb in capitals; prose does not.
    [GeneratedRegex(@"^\s*(--[^\n]*\n\s*)*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|MERGE|TRUNCATE|LOCK|VACUUM|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|SHOW|SET)\b")]
    private static partial Regex Begin();
}
