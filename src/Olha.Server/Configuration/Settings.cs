using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Olha.Server.Configuration;

/// <summary>Where a setting comes from.</summary>
internal enum SettingSource { Default, Environment, File }

/// <summary>A setting as it holds.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Value">As text, without secrets; null: none.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Default">What holds when nothing is set, where that is no value.</param>
/// <param name="IsRefused">Whether what was set is wrong, so that this is not it.</param>
internal sealed record Setting(string Name, string? Value, SettingSource Source, string? Default, bool IsRefused);

/// <summary>All that is set for this process: its environment and the <c>.env</c> file of the folder that it was started in.</summary>
internal sealed class Settings
{
    const string FileName = ".env";

    readonly Dictionary<string, string> _environment = [];
    readonly IReadOnlyDictionary<string, string> _file;
    readonly OptionsReader _reader;

    Settings(IDictionary environment, IReadOnlyDictionary<string, string> file, IEnumerable<string> problems)
    {
        foreach (DictionaryEntry variable in environment) _environment[(string)variable.Key] = (string?)variable.Value ?? "";
        _file = file;
        _reader = new OptionsReader(Find);
        Options = _reader.Read();
        Problems = [.. problems, .. _reader.Problems];
    }

    public ServerOptions Options { get; }

    /// <summary>One line each; see <see cref="OptionsReader.Problems"/>.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Every variable that there is.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Variables().Select(static it => it.Variable.Name)];

    /// <summary>Variables that are set and that nobody here asks for, with whether the file sets them.</summary>
    public IEnumerable<(string Name, bool InFile)> Others =>
        _file.Keys.Select(static name => (name, true)).Concat(_environment.Keys.Except(_file.Keys).Select(static name => (name, false)))
            .Where(static it => !Names.Contains(it.name));

    public static Settings Read()
    {
        try
        {
            return new(Environment.GetEnvironmentVariables(), DotEnv.Load(FileName), []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(Environment.GetEnvironmentVariables(), new Dictionary<string, string>(), [$"{FileName} can't be read: {e.Message}"]);
        }
    }

    /// <summary>Every setting as it holds, in the order of docs/configuration.md.</summary>
    public IEnumerable<Setting> All() => Variables().Select(it => new Setting(
        it.Variable.Name, Text(it), SourceOf(it.Variable.Name), it.Variable.Default?.Replace("`", "", StringComparison.Ordinal),
        _reader.Refused.Contains(it.Variable.Name)));

    static IEnumerable<(PropertyInfo Property, VariableAttribute Variable)> Variables() =>
        from property in typeof(ServerOptions).GetProperties()
        let variable = property.GetCustomAttribute<VariableAttribute>()
        where variable is not null
        select (property, variable);

    string? Find(string name) => _environment.GetValueOrDefault(name) ?? _file.GetValueOrDefault(name);

    SettingSource SourceOf(string name) =>
        string.IsNullOrWhiteSpace(Find(name)) ? SettingSource.Default
        : _environment.ContainsKey(name) ? SettingSource.Environment
        : SettingSource.File;

    string? Text((PropertyInfo Property, VariableAttribute Variable) it)
    {
        // What follows from others where nothing is said.
        var value = it.Property.Name switch
        {
            nameof(ServerOptions.RedirectPort) => Options.PlainPort,
            nameof(ServerOptions.AcmeDirectory) => Options.UsesAcme ? Options.Authority : null,
            _ => it.Property.GetValue(Options),
        };
        return value switch
        {
            null => null,
            _ when it.Variable.IsSecret => Secrets.Hidden,
            string text => Secrets.Masked(text),
            Uri address => Secrets.Masked(address.OriginalString),
            LogLevel.Information => "info",
            OtlpProtocol.Http => "http/protobuf",
            Enum word => word.ToString().ToLowerInvariant(),
            IEnumerable list => string.Join(',', list.Cast<object>()) is { Length: > 0 } text ? text : null,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }
}
