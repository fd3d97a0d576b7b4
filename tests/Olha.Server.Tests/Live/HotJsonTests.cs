using System.Text;
using System.Text.Json;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Tests.Live;

/// <summary>What is written and read by hand is what the serializer would write and read.</summary>
public class HotJsonTests
{
    static readonly string?[] s_texts =
        ["", "hi", "ç ã 漢字 😀", "\"quoted\" \\ / <b>&amp;</b>", "line\nline\ttab \u0001 \u2028", new string('x', 70_000), null];

    static readonly DateTimeOffset[] s_times =
    [
        DateTimeOffset.UnixEpoch, new(2026, 12, 31, 23, 59, 59, 999, TimeSpan.Zero), new(2026, 1, 2, 3, 4, 5, 6, TimeSpan.FromHours(-3)),
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero).AddTicks(9999), new(1, 1, 1, 0, 0, 0, TimeSpan.Zero), DateTimeOffset.MaxValue,
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void Changes_are_written_as_the_serializer_writes_them(int seed)
    {
        var chance = new Random(seed);
        var message = new Message(
            chance.NextInt64(), chance.NextInt64(), chance.NextInt64(), chance.NextInt64(), chance.NextInt64(-5, 5), Pick(chance, s_texts),
            Pick(chance, Enum.GetValues<MessageKind>()), Pick(chance, s_texts),
            chance.Next(3) > 0 ? null : new SystemLine(Pick(chance, Enum.GetValues<SystemEvent>()), 7, Pick(chance, s_texts)),
            Pick(chance, s_times), chance.Next(4) > 0 ? null : Pick(chance, s_times), chance.Next(4) > 0 ? null : Pick(chance, s_times));
        // The hot form is a text, which has no system line.
        if (message.Kind == MessageKind.Text) message = message with { System = null };
        var change = new MessageChange(chance.NextInt64(), chance.NextInt64(), message);

        Assert.Equal(JsonSerializer.Serialize(change, ProtocolJson.Wire.Change), Payload(FrameEncoder.Encode(new TopicId(1, 7), change)));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Acknowledgements_are_written_as_the_serializer_writes_them(int seed)
    {
        var chance = new Random(seed);
        var ack = new Ack(
            Pick(chance, s_texts) ?? "cid", chance.NextInt64(), chance.NextInt64(), chance.NextInt64(), Pick(chance, s_times), chance.Next(2) > 0);

        Assert.Equal(JsonSerializer.Serialize(ack, ProtocolJson.Wire.ServerFrame), Payload(FrameEncoder.Encode(ack)));
    }

    [Theory]
    [InlineData("""{"type":"post","roomId":7,"cid":"a-1","body":"Olá \"\\ \n 😀"}""")]
    [InlineData("""{ "body" : "b", "cid":"c" , "roomId" : -9007199254740993, "type":"post" }""")]
    [InlineData("""{"type":"post","roomId":7,"cid":"","body":"\ud83d\ude00"}""")]
    public void A_usual_post_is_read_as_the_serializer_reads_it(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);

        Assert.Equal(JsonSerializer.Deserialize(utf8, ProtocolJson.Wire.ClientFrame), HotJson.TryReadPost(utf8));
    }

    // Whatever is read by hand must be read alike by the serializer; what is not is left to it.
    [Theory]
    [InlineData("""{"type":"post","roomId":7,"cid":"c"}""")]
    [InlineData("""{"type":"post","roomId":"7","cid":"c","body":"b"}""")]
    [InlineData("""{"type":"post","roomId":7.5,"cid":"c","body":"b"}""")]
    [InlineData("""{"type":"post","roomId":9223372036854775808,"cid":"c","body":"b"}""")]
    [InlineData("""{"type":"post","roomId":7,"cid":null,"body":"b"}""")]
    [InlineData("""{"type":"post","roomId":7,"cid":"c","body":["b"]}""")]
    [InlineData("""{"type":"post","roomId":7,"cid":"c","body":"b","more":1}""")]
    [InlineData("""{"type":"post","roomId":7,"cid":"c","body":"b","body":"again"}""")]
    [InlineData("""{"type":"post","type":"post","roomId":7,"cid":"c","body":"b"}""")]
    // First something else, then the right thing: the serializer refuses these, and they were stored.
    [InlineData("""{"type":"post","roomId":false,"roomId":7,"cid":"c","body":"b"}""")]
    [InlineData("""{"type":"post","roomId":-0.0,"roomId":7,"cid":"c","body":"b"}""")]
    [InlineData("""{"type":"null","type":"post","roomId":7,"cid":"c","body":"b"}""")]
    [InlineData("""{"type":"post","roomId":7,"cid":5,"cid":"c","body":"b"}""")]
    [InlineData("""{"type":"post","roomId":7,"cid":"c","body":{},"body":"b"}""")]
    [InlineData("""{"type":"typing","roomId":7,"cid":"c","body":"b"}""")]
    [InlineData("""{"roomId":7,"cid":"c","body":"b"}""")]
    [InlineData("""["type","post"]""")]
    [InlineData("\"post\"")]
    public void What_is_no_usual_post_is_left_to_the_serializer(string text) => Assert.Null(HotJson.TryReadPost(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"type":"post","roomId":7,"cid":"c","body":"b"} {}""")]
    [InlineData("""{"type":"post","roomId":7,"cid":"c","body":"b" """)]
    [InlineData("""{"type":"post","roomId":7,"cid":"c","body":"\ud83d"}""")]
    [InlineData("""{"type":"post","roomId":7,,"cid":"c","body":"b"}""")]
    [InlineData("")]
    public void What_is_no_JSON_is_read_by_neither(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);

        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize(utf8, ProtocolJson.Wire.ClientFrame));
        Assert.True(Record.Exception(() => Assert.Null(HotJson.TryReadPost(utf8))) is null or JsonException or InvalidOperationException);
    }

    static T Pick<T>(Random chance, IReadOnlyList<T> from) => from[chance.Next(from.Count)];

    static string Payload(Frame frame) => Encoding.UTF8.GetString(frame.Payload.Span);
}
