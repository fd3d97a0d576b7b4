using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A message of a conversation.</summary>
/// <param name="Text">What is said; of what is no message the bytes of the frame.</param>
/// <param name="Wire">As it is put on the wire.</param>
/// <param name="Ends">With one of these codes the server must close; none: the connection must stay.</param>
/// <param name="Cid">A sound post's, which must be acknowledged; null: it need not be.</param>
internal sealed record Utterance(byte[] Text, byte[] Wire, IReadOnlyList<int> Ends, string? Cid = null);

/// <summary>All that is said on one connection.</summary>
/// <param name="Original">At the original's door; otherwise at the v1 socket.</param>
/// <param name="Hello">The first frame; null at the original's door.</param>
/// <param name="Body">What must not end it.</param>
/// <param name="Last">What must.</param>
/// <param name="Cuts">Lengths of the pieces in which the bytes are written.</param>
internal sealed record Babble(bool Original, Utterance? Hello, IReadOnlyList<Utterance> Body, Utterance Last, IReadOnlyList<int> Cuts)
{
    public int Frames => Body.Count + (Hello is null ? 1 : 2);

    /// <summary>The conversation of a case.</summary>
    /// <param name="dice">The case's choices.</param>
    /// <param name="rooms">Ids of rooms, those first in which the speaker is.</param>
    /// <param name="name">Unique in the run; cids begin with it.</param>
    /// <param name="known">Inputs that reached something new before, to begin with.</param>
    public static Babble Make(Dice dice, IReadOnlyList<long> rooms, string name, IReadOnlyList<byte[]> known)
    {
        var original = dice.Chance(0.04);
        List<Utterance> body = [];
        Utterance? last = null;
        for (var count = 5 + dice.Below(40); count > 0; count--)
        {
            var next = !original && dice.Chance(0.12) ? SoundPost(dice, rooms[dice.Below(2)], $"{name}-{count}") : Noise(dice, rooms, original, known);
            if (next.Ends.Count == 0) body.Add(next);
            else if (last is null || dice.Chance(0.2)) last = next;
        }
        if (last is null || dice.Chance(0.3))
        {
            var (wire, code) = WireNoise.Unsound(dice);
            last = new Utterance(wire, wire, [code]);
        }
        int[] cuts = dice.Chance(0.7) ? [] : [.. Enumerable.Range(0, 20).Select(_ => 1 + dice.Size(dice.Chance(0.5) ? 10 : 3000))];
        return new Babble(original, original ? null : FirstFrame(dice, rooms), body, last, cuts);
    }

    /// <summary>Texts as they are: those that must not end a connection together on one, each of the others at the end of one.</summary>
    public static IEnumerable<Babble> Replay(IReadOnlyList<byte[]> texts)
    {
        static Utterance Of(byte[] text) => new(text, WireNoise.Whole(text), EndsOf(text, original: false));

        var all = texts.Select(Of).ToList();
        List<Utterance> ends = [Of("{oops"u8.ToArray()), .. all.Where(static it => it.Ends.Count > 0)];
        return ends.Select((last, i) => new Babble(false, Of("{\"type\":\"hello\"}"u8.ToArray()), i > 0 ? [] : all.FindAll(static it => it.Ends.Count == 0), last, []));
    }

    /// <summary>How a text must end the connection, said after the hello.</summary>
    public static IReadOnlyList<int> EndsOf(byte[] text, bool original) =>
        text.Length > 64 * 1024 ? [1009] : !Utf8.IsValid(text) ? [1007] : original || IsJson(text) ? [] : [4500];

    static Utterance Noise(Dice dice, IReadOnlyList<long> rooms, bool original, IReadOnlyList<byte[]> known)
    {
        var sound = known.Count > 0 && dice.Chance(0.1) ? dice.One(known) : Sample(dice, rooms);
        var text = dice.Below(20) switch
        {
            < 13 when JsonNoise.TryMutate(dice, sound) is { } json => json,
            13 => Encoding.UTF8.GetBytes(JsonNoise.Value(dice)),
            14 when original => dice.Bytes(dice.Size(200)),
            _ => ByteNoise.Mutate(dice, sound, Sample(dice, rooms)),
        };
        if (original && dice.Chance(0.02)) return new Utterance(text, new RawFrame(RawFrame.Binary, text).ToBytes(), [1003]);
        return new Utterance(text, WireNoise.Sound(dice, text), EndsOf(text, original));
    }

    static Utterance SoundPost(Dice dice, long room, string cid)
    {
        var text = Write(new Post(room, cid, dice.One(["olá", "ç 👋 **x**", "@room `@room`", "a\nb\tc", "  spaced  ", new string('x', 4000)])));
        return new Utterance(text, WireNoise.Sound(dice, text), [], cid);
    }

    static Utterance FirstFrame(Dice dice, IReadOnlyList<long> rooms)
    {
        var hello = Write(new Hello(dice.Chance(0.3) ? "other" : null, dice.Size(50), dice.Size(50), rooms.ToDictionary(static id => id, _ => (long)dice.Size(500))));
        if (dice.Chance(0.7)) hello = "{\"type\":\"hello\"}"u8.ToArray();
        else if (dice.Chance(0.5)) hello = dice.Chance(0.8) ? JsonNoise.Mutate(dice, hello) : ByteNoise.Mutate(dice, hello, Sample(dice, rooms));
        return new Utterance(hello, WireNoise.Sound(dice, hello), EndsOf(hello, original: false));
    }

    /// <summary>Valid frames of every type.</summary>
    public static IEnumerable<byte[]> Samples(Dice dice) => Enumerable.Range(0, 50).Select(_ => Sample(dice, [1, 2]));

    static byte[] Sample(Dice dice, IReadOnlyList<long> rooms)
    {
        var room = dice.Chance(0.8) ? rooms[dice.Below(2)] : dice.One(rooms);
        return Write(dice.Below(12) switch
        {
            < 5 => new Post(room, $"c{dice.Size(100_000)}", dice.One(["olá", "a @fuzz0 b", "x"]), dice.Chance(0.3) ? 1 + dice.Size(20) : null),
            5 or 6 => new MoveMark(room, dice.Size(50), dice.Size(50)),
            7 => new Typing(room),
            8 => new Attention(dice.Chance(0.5)),
            9 => new Pong(),
            _ => new Hello("e", dice.Size(9), dice.Size(9), new Dictionary<long, long> { [room] = dice.Size(9) }),
        });
    }

    static byte[] Write(ClientFrame frame) => JsonSerializer.SerializeToUtf8Bytes(frame, ProtocolJson.Wire.ClientFrame);

    // JSON as far down as anybody looks: 64 levels.
    static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
