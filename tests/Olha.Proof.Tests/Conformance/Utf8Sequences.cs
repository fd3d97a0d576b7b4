using System.Text;

namespace Olha.Proof.Tests.Conformance;

/// <summary>The byte sequences of cases 6.5 to 6.23, by group. They are those of Markus Kuhn's stress test for UTF-8 decoders; whether one
/// is sound is for a strict decoder to say.</summary>
internal static class Utf8Sequences
{
    /// <summary>A Greek word with an accent of three bytes: 11 bytes.</summary>
    public const string Greek = "\u03ba\u1f79\u03c3\u03bc\u03b5";

    // 3.3 of the stress test: the last byte is missing.
    static readonly byte[][] s_unfinished = Hex("C0 E080 F08080 F8808080 FC80808080 DF EFBF F7BFBF FBBFBFBF FDBFBFBFBF");

    public static IReadOnlyList<byte[][]> All { get; } =
    [
        [.. ((string[])["hello$world", "hello¢world", "hello€world", "hello\U00024B62world", Greek]).Select(Encoding.UTF8.GetBytes)], // 6.5
        [.. Enumerable.Range(1, 11).Select(static n => Encoding.UTF8.GetBytes(Greek)[..n])], // 6.6: every prefix
        Hex("00 C280 E0A080 F0908080"), // 6.7: the first of each length
        Hex("F888808080 FC8480808080"), // 6.8: and of lengths that there are not
        Hex("7F DFBF EFBFBF F48FBFBF"), // 6.9: the last of each length
        Hex("F7BFBFBF FBBFBFBFBF FDBFBFBFBFBF"), // 6.10
        Hex("ED9FBF EE8080 EFBFBD F48FBFBF F4908080"), // 6.11: at the borders
        [.. Hex("80 BF 80BF 80BF80 80BF80BF 80BF80BF80 80BF80BF80BF"), Range(0x80, 0xBF)], // 6.12: nothing to continue
        [Spaced(0xC0, 0xDF), Spaced(0xE0, 0xEF), Spaced(0xF0, 0xF7), Spaced(0xF8, 0xFB), Spaced(0xFC, 0xFD)], // 6.13: nothing follows
        s_unfinished, // 6.14
        [[.. s_unfinished.SelectMany(static it => it)]], // 6.15
        Hex("FE FF FEFEFFFF"), // 6.16: never in UTF-8
        Hex("C0AF E080AF F08080AF F8808080AF FC80808080AF"), // 6.17: longer than need be
        Hex("C1BF E09FBF F08FBFBF F887BFBFBF FC83BFBFBFBF"), // 6.18
        Hex("C080 E08080 F0808080 F880808080 FC8080808080"), // 6.19
        Hex("EDA080 EDADBF EDAE80 EDAFBF EDB080 EDBE80 EDBFBF"), // 6.20: halves of a pair
        Hex("EDA080EDB080 EDA080EDBFBF EDADBFEDB080 EDADBFEDBFBF EDAE80EDB080 EDAE80EDBFBF EDAFBFEDB080 EDAFBFEDBFBF"), // 6.21: both halves
        [.. Enumerable.Range(0, 17).SelectMany(static plane => new[] { 0xFFFE, 0xFFFF }.Select(it => Utf8(plane << 16 | it)))], // 6.22: no characters, but sound
        [.. Enumerable.Range(0xFFF9, 7).Select(Utf8)], // 6.23: the specials
    ];

    static byte[][] Hex(string sequences) => [.. sequences.Split(' ').Select(Convert.FromHexString)];

    // The suite leaves the last one out, here and below.
    static byte[] Range(int from, int to) => [.. Enumerable.Range(from, to - from).Select(static it => (byte)it)];

    static byte[] Spaced(int from, int to) => [.. Range(from, to).SelectMany(static it => new[] { it, (byte)' ' })];

    static byte[] Utf8(int character) => Encoding.UTF8.GetBytes(char.ConvertFromUtf32(character));
}
