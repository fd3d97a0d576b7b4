using System.Globalization;
using System.Text;
using Olha.Protocol;

namespace Olha.Bench;

/// <summary>What people say, in the forms in which it travels.</summary>
internal static class Said
{
    const string Cid = "0192f8a4c7e5b3d10000002a";

    static readonly DateTimeOffset s_at = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static MessageChange Change(int length) =>
        new(7, 43, new Message(1042, 7, 42, 43, 5, Cid, MessageKind.Text, Text(length), null, s_at, null, null));

    public static Ack Ack() => new(Cid, 7, 1042, 42, s_at, Duplicate: false);

    /// <summary>A post as a client writes it.</summary>
    public static byte[] Post(int length, long roomId = 7, string cid = Cid) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $$"""{"type":"post","roomId":{{roomId}},"cid":"{{cid}}","body":"{{Text(length)}}"}"""));

    /// <summary>What reading <see cref="Post"/> must make and cannot do without.</summary>
    public static Post ReadPost(int length) => new(7, new string('c', Cid.Length), Text(length));

    /// <summary>A text frame as a client sends it: masked, of 126 to 65,535 bytes.</summary>
    public static byte[] Masked(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> key = [0x12, 0x34, 0x56, 0x78];
        byte[] wire = [0x81, 0xFE, (byte)(text.Length >> 8), (byte)text.Length, .. key, .. text];
        for (var i = 0; i < text.Length; i++) wire[8 + i] ^= key[i & 3];
        return wire;
    }

    static string Text(int length) => new('m', length);
}
