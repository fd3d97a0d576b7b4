using Olha.Server.Commands;
using Olha.Server.Configuration;
using Olha.Storage.Inspecting;

namespace Olha.Server.Doctor;

/// <summary>Whether the settings are sound, and whether something that is set was meant for us.</summary>
internal static class SettingsExam
{
    const string Area = "settings";

    // By which ours begin, and nobody else's that one is likely to have.
    static readonly string[] s_ours = ["LIMIT_", "ACME_"];

    public static IEnumerable<Finding> Of(Settings settings)
    {
        foreach (var problem in settings.Problems)
            yield return Finding.Problem(Area, "wrong", problem, "Correct it: olha config shows where each setting comes from.");
        foreach (var (name, inFile) in settings.Others.OrderBy(static it => it.Name, StringComparer.Ordinal))
            if (Meant(name, inFile) is { } meant)
                yield return Finding.Warning(Area, "unknown",
                    $"{name} is set ({(inFile ? ".env" : "environment")}), and is nothing that the server knows.", meant);
        if (settings.All().Any(static it => it.Value?.Contains(Secrets.Hidden, StringComparison.Ordinal) == true && it.Source is SettingSource.File)
            && SystemFacts.Of(".env") is { } file && (file.Mode & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            yield return Finding.Warning(Area, "readable", ".env holds a secret, and every user of this machine can read it.", "chmod o-rwx .env");
        if (settings.Problems.Count == 0)
            yield return Finding.Ok(Area, "sound",
                $"All settings are sound; set: {settings.All().Count(static it => it.Source is not SettingSource.Default)}.");
    }

    static string? Meant(string name, bool inFile) =>
        Nearest.To(name, Settings.Names) is { } near && (name.Length > 4 || inFile) ? $"Did you mean {near}?"
        : s_ours.Any(ours => name.StartsWith(ours, StringComparison.Ordinal)) ? "docs/configuration.md has all that there are."
        : null;
}
