using System.Collections.Frozen;
using Olha.Protocol;

namespace Olha.Server.Accounts;

/// <summary>Passwords that are guessed first: the 3,000 most common ones of eight characters and more, whatever their case, the
/// person's own name and this program's.</summary>
/// <remarks>The list is ranked by how often each was found in leaks; it comes from the word lists of zxcvbn-ts (MIT). Read when the
/// first password is set.</remarks>
internal static class GuessedPasswords
{
    const string Resource = "common-passwords.txt";

    static readonly string[] s_ours = ["olhamensagem", "mensagem"];
    static readonly Lazy<FrozenSet<string>> s_common = new(Read);

    /// <param name="password">What somebody wants to set.</param>
    /// <param name="names">What they are called here.</param>
    public static bool Contains(string password, params ReadOnlySpan<string> names)
    {
        var folded = PlainLine.Fold(password);
        if (s_common.Value.Contains(folded)) return true;

        // A name with figures and signs around it is guessed as soon as the name.
        var core = Letters(folded);
        foreach (var name in names)
            if (Letters(PlainLine.Fold(name)) is { Length: > 0 } letters && core == letters) return true;
        return s_ours.Contains(core);
    }

    static string Letters(string text) => string.Concat(text.Where(char.IsLetter));

    static FrozenSet<string> Read()
    {
        using var file = new StreamReader(typeof(GuessedPasswords).Assembly.GetManifestResourceStream(Resource)!);
        return file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
