using System.Diagnostics.CodeAnalysis;

namespace Olha.Server.Commands;

/// <summary>What stands behind a command's name: <c>--name value</c>, <c>--name=value</c> and <c>--switch</c>, in any order, and for some
/// commands one thing without a name.</summary>
internal sealed class Arguments
{
    readonly Dictionary<string, string> _given = [];

    /// <summary>Whether an option was given.</summary>
    public bool Has(string name) => _given.ContainsKey(name);

    /// <summary>An option's value; null: it was not given.</summary>
    public string? this[string name] => _given.GetValueOrDefault(name);

    /// <param name="args">As the program got them, without the command.</param>
    /// <param name="takes">The options that there are, those with a value ending in <c>=</c>; <c>--json</c> is always one. One that does not
    /// begin with a dash is what may stand there without a name.</param>
    /// <param name="arguments">What was said.</param>
    /// <param name="problem">What could not be understood.</param>
    public static bool TryParse(
        ReadOnlySpan<string> args, IReadOnlyList<string> takes, out Arguments arguments, [NotNullWhen(false)] out string? problem)
    {
        arguments = new();
        var unnamed = takes.FirstOrDefault(static it => it[0] != '-');
        for (var i = 0; i < args.Length; i++)
        {
            if (unnamed is not null && args[i] is not ("" or ['-', ..]))
            {
                if (!arguments._given.TryAdd(unnamed, args[i])) return Refuse($"takes one {unnamed}, not {args[i]} too", out problem);
                continue;
            }
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (takes.Contains($"{name}="))
            {
                if (value is null && i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) value = args[++i];
                if (string.IsNullOrEmpty(value)) return Refuse($"{name} needs a value", out problem);
            }
            else if (value is not null || !(takes.Contains(name) || name == "--json"))
            {
                return Refuse($"{args[i]} is nothing it knows", out problem);
            }
            if (!arguments._given.TryAdd(name, value ?? "")) return Refuse($"{name} is given twice", out problem);
        }
        problem = null;
        return true;
    }

    static bool Refuse(string what, out string problem)
    {
        problem = what;
        return false;
    }
}
