namespace Olha.Proof;

/// <summary>Messages as a client may put them on the wire, and as it must not (RFC 6455, 5).</summary>
internal static class WireNoise
{
    /// <summary>A text in one frame.</summary>
    public static byte[] Whole(ReadOnlyMemory<byte> text) => new RawFrame(RawFrame.Text, text).ToBytes();

    /// <summary>A sound message: whole, or in fragments with pings in between.</summary>
    public static byte[] Sound(Dice dice, byte[] text)
    {
        if (dice.Chance(0.75)) return new RawFrame(RawFrame.Text, text) { Mask = Mask(dice) }.ToBytes();
        List<byte> wire = [];
        var opcode = RawFrame.Text;
        for (var at = 0; ; opcode = RawFrame.Continuation)
        {
            var length = dice.Chance(0.1) ? 0 : Math.Min(text.Length - at, 1 + dice.Below(1 + text.Length / 2));
            var final = at + length == text.Length && (length > 0 || dice.Chance(0.5));
            wire.AddRange(new RawFrame(opcode, text.AsMemory(at, length), final) { Mask = Mask(dice) }.ToBytes());
            if (final) return [.. wire];
            at += length;
            if (dice.Chance(0.2)) wire.AddRange(new RawFrame(dice.One([RawFrame.Ping, RawFrame.Pong]), dice.Bytes(dice.Size(125))) { Mask = Mask(dice) }.ToBytes());
        }
    }

    /// <summary>Something that ends the connection, and with which code it must.</summary>
    public static (byte[] Wire, int Code) Unsound(Dice dice)
    {
        var begun = dice.Chance(0.5);
        var (frame, code) = Frame(dice, begun);
        return ([.. begun ? new RawFrame(RawFrame.Text, "{\"type\":"u8.ToArray(), Final: false).ToBytes() : [], .. frame.ToBytes()], code);
    }

    static (RawFrame Frame, int Code) Frame(Dice dice, bool begun)
    {
        var control = dice.One([RawFrame.Close, RawFrame.Ping, RawFrame.Pong]);
        // Within a text that has begun its rest is due, and nothing else.
        var sound = new RawFrame(begun ? RawFrame.Continuation : RawFrame.Text, dice.Bytes(dice.Size(300)), dice.Chance(0.5)) { Mask = Mask(dice) };
        return dice.Below(11) switch
        {
            0 => (sound with { Reserved = 1 + dice.Below(7) }, 1002),
            1 => (sound with { Opcode = dice.One([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }, 1002),
            2 => (sound with { Mask = null }, 1002),
            3 => (sound with { Opcode = begun ? RawFrame.Text : RawFrame.Continuation }, 1002),
            4 => (new RawFrame(control, dice.Bytes(dice.Size(125)), Final: false), 1002),
            5 => (new RawFrame(control, dice.Bytes(126 + dice.Size(1000))), 1002),
            6 => (sound with { Length = 1UL << 63 | (ulong)dice.Long() }, 1002),
            7 => (sound with { Opcode = RawFrame.Binary }, 1003),
            // Whatever came before: nothing may be as long as this claims to be.
            8 => (sound with { Length = dice.One<ulong>([long.MaxValue, long.MaxValue - (ulong)dice.Below(70_000), 1UL << 32, (1UL << 32) - 1, 1UL << 31, 65_537]), Wide = 8 }, 1009),
            9 => (RawFrame.Closing(dice.One([0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535]), "why"u8), 1002),
            _ => dice.Below(3) switch
            {
                0 => (new RawFrame(RawFrame.Close, new byte[] { 3 }), 1002),
                1 => (RawFrame.Closing(1000, [0xC3, 0x28]), 1007),
                _ => (RawFrame.Closing(1000, "bye"u8), 1000),
            },
        };
    }

    static uint Mask(Dice dice) => dice.Chance(0.2) ? 0 : (uint)dice.Long();
}
