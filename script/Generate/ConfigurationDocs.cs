using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using Olha.Server.Configuration;

namespace Olha.Generate;

/// <summary>docs/configuration.md, from the options type: names, defaults, what is accepted, and the summaries.</summary>
public static class ConfigurationDocs
{
    const string Head = """
        <!-- Generated from src/Olha.Server/Configuration/ServerOptions.cs by script/generate. Do not edit. -->
        # Configuration

        Nothing needs to be set. What is set comes from environment variables, or from a `.env` file in the folder where the program
        starts (`NAME=value` lines); where both set something, the environment wins. An empty variable is one that is not set.
        A wrong value stops the program at start with one line a variable that names it and says what it accepts.


        """;

    public static string Render()
    {
        var docs = new XmlDocs(typeof(ServerOptions).Assembly);
        var defaults = new ServerOptions();
        var text = new StringBuilder(Head).AppendLine("| Variable | Default | Accepts | |").AppendLine("|---|---|---|---|");
        foreach (var property in typeof(ServerOptions).GetProperties())
            if (property.GetCustomAttribute<VariableAttribute>() is { } variable)
                text.AppendLine($"| `{variable.Name}` | {variable.Default ?? Word(property.GetValue(defaults))} | {variable.Accepts} | {docs.Of(property)} |");
        return text.ToString();
    }

    static string Word(object? value) => value switch
    {
        null => "none",
        LogLevel.Information => "`info`",
        Enum word => $"`{word.ToString().ToLowerInvariant()}`",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };
}
