using System.Text.Json.Nodes;
using Olha.Server.Commands;
using Olha.Server.Configuration;

namespace Olha.Server;

/// <summary><c>olha config</c>: the settings as the server would take them, and where each comes from.</summary>
internal static class ConfigLine
{
    const string Usage = """
        olha config, the settings as the server would take them

          olha config          every setting, its value, and where it comes from: environment, .env or default
          olha config NAME     the value of one, nothing else
              --json           one object, with settings and problems

        Passwords and tokens are shown as "...". What docs/configuration.md says of each holds; what is
        wrong is told as at the start of the server, and its default shown.

        Exit code: 0 all is sound, 1 a setting is wrong, 2 not understood.

        """;

    public static readonly Command Command = new()
    {
        Name = "config",
        Summary = "the settings, and where each comes from",
        Usage = Usage,
        Takes = [],
        Operands = [new("NAME", Settings.Names)],
        NeedsSettings = false,
        // Read anew: a command is handed what they come to, not where they come from.
        Work = static (arguments, _, output, _) => Task.FromResult(Answer(Settings.Read(), arguments[0], output)),
        GoOn = static _ => "",
    };

    static Ending Answer(Settings settings, string? name, Output output)
    {
        var shown = settings.All().Where(it => name is null || it.Name == name).ToList();
        var text = name is null ? Table(shown) : shown[0].Value ?? "";
        if (settings.Problems.Count == 0) return Ending.Done(text, new() { ["settings"] = Json(shown), ["problems"] = new JsonArray() });

        output.Say(text);
        var problems = new JsonArray([.. settings.Problems.Select(static it => JsonValue.Create(it))]);
        return new Ending(1, "settings", string.Join("\nolha: ", settings.Problems), new() { ["settings"] = Json(shown), ["problems"] = problems });
    }

    static string Table(List<Setting> settings)
    {
        var rows = settings.ConvertAll(it => (it.Name, Value: it.Value ?? it.Default ?? "none", From: $"{Word(it.Source)}{(it.IsRefused ? ", wrong" : "")}"));
        var (names, values) = (rows.Max(it => it.Name.Length), Math.Min(48, rows.Max(it => it.Value.Length)));
        return string.Join('\n', rows.Select(it => $"{it.Name.PadRight(names)}  {it.Value.PadRight(values)}  {it.From}"));
    }

    static JsonArray Json(List<Setting> settings) => new([.. settings.Select(it => new JsonObject
    {
        ["name"] = it.Name, ["value"] = it.Value, ["from"] = Word(it.Source), ["wrong"] = it.IsRefused,
    })]);

    static string Word(SettingSource source) => source switch
    {
        SettingSource.Environment => "environment",
        SettingSource.File => ".env",
        _ => "default",
    };
}
