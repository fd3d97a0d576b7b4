using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Olha.Proof;

/// <summary>Reads what strace wrote (<c>-f -y -xx</c>): every thread's calls in the order in which they began and ended.</summary>
/// <remarks>The tracer stops a thread at the end of its call, and writes that down before it lets it go on: what a thread does next
/// stands below. So an acknowledgement above the end of the sync that it waits for was sent too early.</remarks>
internal static partial class Trace
{
    const string Unfinished = " <unfinished ...>";

    static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");

    /// <param name="file">One recorded life of the program.</param>
    public static IReadOnlyList<Happening> Read(string file)
    {
        var happenings = new List<Happening>();
        var pending = new Dictionary<string, Call>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var space = line.IndexOf(' ');
            if (space < 0) continue;
            var (thread, said) = (line[..space], line[space..].TrimStart());
            if (said.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (!pending.Remove(thread, out var call)) continue;
                End(call, call.Arguments + said[(said.IndexOf('>') + 1)..]);
                happenings.Add(new(call, Ended: true));
            }
            else if (said.IndexOf('(') is > 0 and var open && IsName(said.AsSpan(0, open)))
            {
                var call = new Call(said[..open], number) { Arguments = said[(open + 1)..] };
                happenings.Add(new(call, Ended: false));
                if (said.EndsWith(Unfinished, StringComparison.Ordinal))
                {
                    call.Arguments = call.Arguments[..^Unfinished.Length];
                    pending[thread] = call;
                }
                else
                {
                    End(call, call.Arguments);
                    happenings.Add(new(call, Ended: true));
                }
            }
        }
        return happenings;
    }

    /// <summary>The arguments one by one, as written.</summary>
    public static List<string> Split(string arguments)
    {
        var parts = new List<string>();
        var (start, depth, quoted) = (0, 0, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            var c = arguments[i];
            if (c == '"') quoted = !quoted;
            else if (quoted) continue;
            else if (c is '[' or '{' or '<') depth++;
            else if (c is ']' or '}' or '>') depth--;
            else if (c == ',' && depth == 0)
            {
                parts.Add(arguments[start..i].Trim());
                start = i + 1;
            }
        }
        parts.Add(arguments[start..].Trim());
        return parts;
    }

    /// <summary>The path that strace says a descriptor has; null: it says none.</summary>
    public static string? PathOf(string descriptor)
    {
        var (open, close) = (descriptor.IndexOf('<'), descriptor.LastIndexOf('>'));
        return open < 0 || close < open ? null : Encoding.UTF8.GetString(Bytes(descriptor.AsSpan(open + 1, close - open - 1)));
    }

    /// <summary>All text in quotes, put together: what a call writes.</summary>
    public static byte[] Quoted(string arguments)
    {
        var all = new MemoryStream();
        for (var open = arguments.IndexOf('"'); open >= 0;)
        {
            var close = arguments.IndexOf('"', open + 1);
            if (close < 0) break;
            all.Write(Bytes(arguments.AsSpan(open + 1, close - open - 1)));
            open = arguments.IndexOf('"', close + 1);
        }
        return all.ToArray();
    }

    static void End(Call call, string whole)
    {
        if (Returned().Match(whole) is not { Success: true } returned) return; // it never returned: the program was killed in it
        call.Arguments = whole[..returned.Index];
        call.IsInjected = returned.Groups["rest"].Value.Contains("INJECTED", StringComparison.Ordinal);
        if (long.TryParse(returned.Groups["value"].Value, CultureInfo.InvariantCulture, out var value)) call.Result = value;
        call.Opened = PathOf(returned.Groups["path"].Value);
    }

    // Hexadecimal where strace writes hexadecimal, as it is where it doesn't.
    static byte[] Bytes(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length / 4 + 1);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x')
            {
                bytes.Add(byte.Parse(text.Slice(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 3;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }
        return [.. bytes];
    }

    static bool IsName(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_name);

    [GeneratedRegex(@"\)\s+= (?<value>-?\d+|\?|0x[0-9a-f]+)(?<path><[^>]*>)?(?<rest> [^""<>]*)?$", RegexOptions.RightToLeft)]
    private static partial Regex Returned();
}
