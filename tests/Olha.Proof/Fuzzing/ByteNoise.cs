namespace Olha.Proof;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class ByteNoise
{
    // What readers stumble over: NUL, escapes, quotes, the marks of longer characters, half and overlong ones, half a surrogate pair, a BOM.
    static readonly byte[][] s_pieces =
    [
        [0], [(byte)'\\'], [(byte)'"'], [(byte)'{'], [(byte)'}'], [(byte)'['], [(byte)','], [(byte)':'], [0x7F], [0x80], [0xC3], [0xFF], [0xC0, 0x80],
        [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x91], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0xAE],
        .. new[] { "\\u0000", "\\ud800", "\\u", "1e999", "//", "/**/", "\r\n", "null", "-", "9223372036854775808" }.Select(static it => it.Select(static c => (byte)c).ToArray()),
    ];

    /// <summary>One to four changes: a flipped bit, a byte or a piece put in, some taken out, doubled, cut off or taken from elsewhere.</summary>
    public static byte[] Mutate(Dice dice, byte[] bytes, byte[] other)
    {
        var changed = bytes.ToList();
        for (var times = 1 + dice.Size(3); times > 0; times--)
        {
            var at = dice.Below(changed.Count + 1);
            var rest = changed.Count - at;
            switch (dice.Below(8))
            {
                case 0 when rest > 0: changed[at] ^= (byte)(1 << dice.Below(8)); break;
                case 1 when rest > 0: changed[at] = (byte)dice.Below(256); break;
                case 2: changed.InsertRange(at, dice.One(s_pieces)); break;
                case 3: changed.InsertRange(at, dice.Bytes(1 + dice.Size(8))); break;
                case 4 when rest > 0: changed.RemoveRange(at, 1 + dice.Size(rest - 1)); break;
                case 5 when rest > 0: changed.InsertRange(at, changed.GetRange(at, 1 + dice.Size(rest - 1))); break;
                case 6 when dice.Chance(0.2): changed.RemoveRange(at, rest); break;
                case 7 when other.Length > 0:
                    changed.RemoveRange(at, rest);
                    changed.AddRange(other.AsSpan(dice.Below(other.Length)));
                    break;
            }
        }
        return [.. changed];
    }
}
