using System.Text;

namespace Olha.Server.Messages;

/// <summary>Whom a text names: <c>@name</c> and <c>@room</c>, wherever they do not stand in code.</summary>
internal static class MentionText
{
    /// <summary>The word that means everybody in the room.</summary>
    public const string Everybody = "room";

    /// <summary>Names that one text may name; more are only text.</summary>
    public const int Most = 50;

    /// <summary>UTF-16 units of a name, adopted ones included.</summary>
    const int Longest = 64;

    /// <summary>What stands behind each <c>@</c>, as far as a user name can reach, each once, in order.</summary>
    public static List<string> NamesIn(string text)
    {
        List<string> names = [];
        if (!text.Contains('@')) return names;
        var at = 0;
        while (at < text.Length && names.Count < Most)
        {
            if (text[at] == '`') at = EndOfCode(text, at);
            else if (text[at] == '@' && (at == 0 || !IsLetterOrDigit(text, at - 1)))
            {
                var end = at + 1;
                while (end < text.Length && IsOfName(text, end)) end++;
                if (end - at - 1 is > 0 and <= Longest && text[(at + 1)..end] is var name && !names.Contains(name)) names.Add(name);
                at = end;
            }
            else at++;
        }
        return names;
    }

    /// <summary>Where code that begins here ends: behind as many backticks as it began with. A fence that is never closed reaches
    /// to the end of the text; a mark within a line that is never closed is no code.</summary>
    static int EndOfCode(string text, int at)
    {
        var marks = CountMarks(text, at);
        var fence = marks >= 3 && IsLineStart(text, at);
        for (var look = at + marks; look < text.Length; look++)
        {
            if (text[look] != '`') continue;
            var closing = CountMarks(text, look);
            if (fence ? closing >= marks && IsLineStart(text, look) : closing == marks) return look + closing;
            look += closing - 1;
        }
        return fence ? text.Length : at + marks;
    }

    static int CountMarks(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == '`') end++;
        return end - at;
    }

    static bool IsLineStart(string text, int at)
    {
        while (at > 0 && text[at - 1] == ' ') at--;
        return at == 0 || text[at - 1] == '\n';
    }

    static bool IsOfName(string text, int at) => text[at] is '_' or '.' or '-' || IsLetterOrDigit(text, at);

    // Of a sign beyond the first plane both halves count.
    static bool IsLetterOrDigit(string text, int at) =>
        char.IsSurrogate(text[at])
            ? Rune.TryGetRuneAt(text, char.IsLowSurrogate(text[at]) ? at - 1 : at, out var rune) && Rune.IsLetterOrDigit(rune)
            : char.IsLetterOrDigit(text[at]);
}
