using System.Reflection;
using EvolveDb.Migration;
using Microsoft.Extensions.Logging;

namespace Olha.Storage.Schema;

/// <summary>Where one dialect's schema scripts come from: the program itself, or a folder that replaces them.</summary>
internal sealed partial class SchemaScripts(string? folder, Assembly assembly, string prefix, IReadOnlyList<string> names)
{
    /// <summary>Null when they are the assembly's resources.</summary>
    public string? Folder => folder;

    public Assembly Assembly => assembly;

    /// <summary>What the resources' names begin with.</summary>
    public string Prefix => prefix;

    /// <summary>The newest version there is a script for.</summary>
    public MigrationVersion Newest => names.Select(VersionOf).Max() ?? new("0");

    /// <summary>Whether the program that holds these scripts may run on a schema to which newer programs have applied theirs.</summary>
    public bool MayRunOn(IReadOnlyCollection<AppliedScript> applied) =>
        names.All(name => applied.Any(it => it.Version == VersionOf(name)))
        && applied.Where(it => it.Version > Newest).All(it => it.Oldest is { } oldest && oldest <= Newest);

    public static SchemaScripts Find(DatabaseOptions options, Dialect dialect)
    {
        var kind = dialect == Dialect.Sqlite ? "sqlite" : "postgres";
        if (options.SchemaFolder is { } root)
        {
            var folder = Path.Combine(root, kind);
            if (Directory.Exists(folder) && Directory.GetFiles(folder, "V*__*.sql") is { Length: > 0 } files)
                return new(folder, options.SchemaAssembly, kind, [.. files.Select(file => Path.GetFileName(file))]);
            // A folder made for the original program holds its *.up.sql, which would not make our tables.
            FolderIgnored(options.Logger, folder);
        }

        var prefix = $"schema.{kind}.";
        var names = options.SchemaAssembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).ToList();
        return names.Count > 0
            ? new(null, options.SchemaAssembly, prefix, names)
            : throw new InvalidOperationException($"{options.SchemaAssembly.GetName().Name} holds no resource {prefix}V*.sql.");
    }

    static MigrationVersion VersionOf(string name) => new(name[1..name.IndexOf("__", StringComparison.Ordinal)]);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Folder} holds no schema scripts of this program (V0001__name.sql); the built-in ones are used")]
    private static partial void FolderIgnored(ILogger logger, string folder);
}
