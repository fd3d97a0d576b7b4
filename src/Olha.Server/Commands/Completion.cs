using System.Text;

namespace Olha.Server.Commands;

/// <summary>Scripts by which a shell completes <c>olha</c>, made of the table of commands.</summary>
internal static class Completion
{
    const string Globals = "--help --version --health";

    public static string Bash(IReadOnlyList<Command> commands)
    {
        var script = new StringBuilder("""
            # Completes olha in bash. Made by: olha completion bash
            _olha() {
              local command=${COMP_WORDS[1]-} current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} place=0 i words=
              COMPREPLY=()
              # An option's value behind "=" is a word of its own.
              if [[ $current == = ]]; then current=; elif [[ $option == = ]]; then option=${COMP_WORDS[COMP_CWORD - 2]-}; fi

            """);
        script.AppendLine($$"""
              if ((COMP_CWORD == 1)); then
                mapfile -t COMPREPLY < <(compgen -W '{{Names(commands)}} {{Globals}}' -- "$current")
                return
              fi
            """);
        script.AppendLine("  case $command,$option in");
        foreach (var command in commands)
        {
            foreach (var option in Valued(command))
            {
                script.AppendLine(command.Choices.TryGetValue(option, out var choices)
                    ? $"    {command.Name},{option}) mapfile -t COMPREPLY < <(compgen -W '{string.Join(' ', choices)}' -- \"$current\"); return ;;"
                    : $"    {command.Name},{option}) compopt -o default; return ;;");
            }
        }
        script.AppendLine("  esac").AppendLine("  for ((i = 2; i < COMP_CWORD; i++)); do").AppendLine("    case $command,${COMP_WORDS[i]} in");
        foreach (var command in commands)
            if (Valued(command).ToList() is { Count: > 0 } valued)
                script.AppendLine($"      {string.Join(" | ", valued.Select(option => $"{command.Name},{option}"))}) ((i++)); [[ ${{COMP_WORDS[i]-}} != = ]] || ((i++)) ;;");
        script.AppendLine("      *,-*) ;;").AppendLine("      *) ((place++)) ;;").AppendLine("    esac").AppendLine("  done");
        script.AppendLine("  if [[ $current == -* ]]; then").AppendLine("    case $command in");
        foreach (var command in commands) script.AppendLine($"      {command.Name}) words='{string.Join(' ', Options(command))}' ;;");
        script.AppendLine("    esac").AppendLine("  else").AppendLine("    case $command,$place in");
        foreach (var command in commands)
        {
            foreach (var (place, operand) in command.Operands.Index())
            {
                if (WordsOf(command, operand, commands) is { } choices) script.AppendLine($"      {command.Name},{place}) words='{string.Join(' ', choices)}' ;;");
                else if (operand.Path is OperandPath.File) script.AppendLine($"      {command.Name},{place}) compopt -o default; return ;;");
                else if (operand.Path is OperandPath.Folder) script.AppendLine($"      {command.Name},{place}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); return ;;");
            }
        }
        return script.Append("""
                esac
              fi
              mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
            }
            complete -F _olha olha
            """).ToString();
    }

    public static string Zsh(IReadOnlyList<Command> commands)
    {
        var script = new StringBuilder("#compdef olha\n# Completes olha in zsh. Made by: olha completion zsh\n_olha() {\n  local line state\n  local -a commands=(\n");
        foreach (var command in commands) script.AppendLine($"    {Quoted($"{command.Name}:{command.Summary}")}");
        script.AppendLine("  )").AppendLine($"  _arguments -C '1: :->command' '*:: :->rest' {string.Join(' ', Globals.Split(' ').Select(Quoted))}");
        script.AppendLine("  case $state in").AppendLine("    command) _describe command commands ;;").AppendLine("    rest)").AppendLine("      case $line[1] in");
        foreach (var command in commands)
        {
            var parts = Options(command).Select(option => Quoted(
                !Valued(command).Contains(option) ? option
                : command.Choices.TryGetValue(option, out var choices) ? $"{option}=:value:({string.Join(' ', choices)})"
                : $"{option}=:value:_files")).ToList();
            foreach (var (place, operand) in command.Operands.Index())
                parts.Add(Quoted($"{place + 1}:{operand.Name}:{(WordsOf(command, operand, commands) is { } words ? $"({string.Join(' ', words)})" : Path(operand))}"));
            script.AppendLine($"        {command.Name}) _arguments {string.Join(' ', parts)} ;;");
        }
        return script.Append("      esac ;;\n  esac\n}\nif [ \"$funcstack[1]\" = _olha ]; then _olha \"$@\"; else compdef _olha olha; fi").ToString();
    }

    public static string Fish(IReadOnlyList<Command> commands)
    {
        var script = new StringBuilder("# Completes olha in fish. Made by: olha completion fish\ncomplete -c olha -f\n");
        foreach (var option in Globals.Split(' ')) script.AppendLine($"complete -c olha -n __fish_use_subcommand -l {option[2..]}");
        foreach (var command in commands)
        {
            var there = $"-n '__fish_seen_subcommand_from {command.Name}'";
            script.AppendLine($"complete -c olha -n __fish_use_subcommand -a {command.Name} -d {Escaped(command.Summary)}");
            foreach (var option in Options(command))
            {
                var value = !Valued(command).Contains(option) ? "" : command.Choices.TryGetValue(option, out var choices) ? $" -x -a '{string.Join(' ', choices)}'" : " -r -F";
                script.AppendLine($"complete -c olha {there} -l {option[2..]}{value}");
            }
            foreach (var operand in command.Operands)
            {
                if (WordsOf(command, operand, commands) is { } words)
                    script.AppendLine($"complete -c olha {there[..^1]}; and not __fish_seen_subcommand_from {string.Join(' ', words.Where(word => word != command.Name))}' -a '{string.Join(' ', words)}'");
                else if (operand.Path is OperandPath.File) script.AppendLine($"complete -c olha {there} -F");
                else if (operand.Path is OperandPath.Folder) script.AppendLine($"complete -c olha {there} -a '(__fish_complete_directories)'");
            }
        }
        return script.ToString().TrimEnd('\n');
    }

    static string Path(Operand operand) => operand.Path switch { OperandPath.File => "_files", OperandPath.Folder => "_files -/", _ => " " };

    static string Names(IEnumerable<Command> commands) => string.Join(' ', commands.Select(static it => it.Name));

    static IEnumerable<string> Valued(Command command) => command.Takes.Where(static it => it.EndsWith('=')).Select(static it => it[..^1]);

    static IEnumerable<string> Options(Command command) => [.. command.Takes.Select(static it => it.TrimEnd('=')), "--json", "--help"];

    // Of the commands themselves only the table knows all.
    static IReadOnlyList<string>? WordsOf(Command command, Operand operand, IReadOnlyList<Command> commands) =>
        operand.Choices ?? (command.Name == "help" ? [.. commands.Select(static it => it.Name)] : null);

    static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static string Escaped(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
