using System.Diagnostics.CodeAnalysis;

namespace Olha.Server.Commands;

/// <summary>What stands behind a command's name: <c>--name value</c>, <c>--name=value</c>, <c>--switch</c> and operands, in any order.</summary>
internal sealed class Arguments
{
    readonly Dictionary<string, string> _given = [];
    readonly List<string> _operands = [];

    /// <summary>The words without an option's name, in their order.</summary>
    public IReadOnlyList<string> Operands => _operands;

    /// <summary>Whether an option was given.</summary>
    public bool Has(string name) => _given.ContainsKey(name);

    /// <summary>An option's value; null: it was not given.</summary>
    public string? this[string name] => _given.GetValueOrDefault(name);

    /// <summary>An operand; null: it was not given.</summary>
    public string? this[int place] => place < _operands.Count ? _operands[place] : null;

    /// <param name="args">As the program got them, without the command.</param>
    /// <param name="command">What it takes; <c>--json</c> is always taken.</param>
    /// <param name="arguments">What was said.</param>
    /// <param name="problem">What could not be understood.</param>
    public static bool TryParse(
        ReadOnlySpan<string> args, Command command, out Arguments arguments, [NotNullWhen(false)] out string? problem)
    {
        arguments = new();
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-') && arguments._operands.Count < command.Operands.Count)
            {
                if (!IsOneOf(args[i], command.Operands[arguments._operands.Count].Choices, out problem)) return false;
                arguments._operands.Add(args[i]);
                continue;
            }
            if (!args[i].StartsWith('-') && command.Operands is [var only]) return Refuse($"takes one {only.Name}, not {args[i]} too", out problem);
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (command.Takes.Contains($"{name}="))
            {
                if (value is null && i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) value = args[++i];
                if (string.IsNullOrEmpty(value)) return Refuse($"{name} needs a value", out problem);
                if (!IsOneOf(value, command.Choices.GetValueOrDefault(name), out problem)) return false;
            }
            else if (value is not null || !(command.Takes.Contains(name) || name == "--json"))
            {
                return Refuse(Unknown(args[i], [.. command.Takes.Select(static it => it.TrimEnd('=')), "--json", "--help"]), out problem);
            }
            if (!arguments._given.TryAdd(name, value ?? "")) return Refuse($"{name} is given twice", out problem);
        }
        problem = null;
        return true;
    }

    static bool IsOneOf(string word, IReadOnlyList<string>? choices, [NotNullWhen(false)] out string? problem)
    {
        problem = choices is null || choices.Contains(word) ? null : Unknown(word, choices);
        return problem is null;
    }

    static string Unknown(string word, IReadOnlyList<string> known) =>
        Nearest.To(word, known) is { } meant ? $"{word} is nothing it knows: did you mean {meant}?" : $"{word} is nothing it knows";

    static bool Refuse(string what, out string problem)
    {
        problem = what;
        return false;
    }
}
