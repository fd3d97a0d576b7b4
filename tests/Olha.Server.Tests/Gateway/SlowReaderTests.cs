using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Tests.Gateway;

/// <summary>A socket that takes frames in pieces: what was begun is completed, and who is too slow harms nobody.</summary>
[Trait(ChatServer.Inside, "yes")]
public sealed class SlowReaderTests(BothTransports both) : IClassFixture<BothTransports>
{
    public static TheoryData<bool> Tls => BothTransports.Tls;

    static string Body(int i, int length) => $"{i:d6}{new string((char)('a' + i % 26), length - 6)}";

    [Theory]
    [InlineData(false, 20), InlineData(false, 1000), InlineData(false, 60_000)]
    [InlineData(true, 20), InlineData(true, 1000), InlineData(true, 60_000)]
    public async Task Who_reads_late_hears_everything_whole_and_in_order(bool tls, int length)
    {
        var (room, people) = await both.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (slow, connection) = await both.SlowAsync(people[1], tls);
        await using var _ = slow;

        var count = await FloodAsync(people[0], room.RoomId, length, () => connection.Waiting.Bytes > 300_000 || connection.IsClosing);

        for (var i = 0; i < count; i++) Assert.Equal(Body(i, length), await slow.HearTextAsync());
        Assert.Null(connection.CloseCode);
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task Who_reads_slowly_meanwhile_hears_everything_whole_and_in_order(bool tls)
    {
        const int Count = 4000, Length = 700;
        var (room, people) = await both.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (slow, connection) = await both.SlowAsync(people[1], tls);
        await using var _ = slow;

        // A busy machine may write faster than it reads: nobody is to become too slow here.
        var heard = 0;
        var flood = FloodAsync(
            people[0], room.RoomId, Length, () => Volatile.Read(ref heard) >= Count, () => connection.Waiting.Bytes > 500_000);
        for (; heard < Count; heard++)
        {
            if (heard % 500 == 0) await BothTransports.UntilAsync(() => connection.Waiting.Bytes > 100_000, "a full socket");
            Assert.Equal(Body(heard, Length), await slow.HearTextAsync());
        }
        var posted = await flood;
        for (; heard < posted; heard++) Assert.Equal(Body(heard, Length), await slow.HearTextAsync());
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task A_close_completes_the_frame_that_was_begun_drops_the_rest_and_is_the_last(bool tls)
    {
        const int Length = 60_000;
        var (room, people) = await both.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (slow, connection) = await both.SlowAsync(people[1], tls);
        await using var _ = slow;
        var count = await FloodAsync(people[0], room.RoomId, Length, () => connection.Waiting.Frames > 3 || connection.IsClosing);

        connection.Close(CloseCode.Restart, TimeSpan.FromSeconds(1));

        var bodies = 0;
        var said = new List<string>();
        while (await slow.ReadAsync() is var (opcode, payload))
        {
            if (opcode == RawSocket.CloseFrame)
            {
                Assert.Equal(4000, BinaryPrimitives.ReadUInt16BigEndian(payload));
                await slow.SendAsync(RawSocket.CloseFrame, payload[..2]);
                await slow.EndedAsync();
                said.Add("close");
                break;
            }
            var frame = JsonSerializer.Deserialize(payload, TestJson.Default.JsonElement);
            var type = frame.GetProperty("type").GetString()!;
            if (type == "message") Assert.Equal(Body(bodies++, Length), frame.GetProperty("message").GetProperty("body").GetString());
            else if (type == "bye") said.Add(type);
        }
        Assert.Equal(["bye", "close"], said);
        Assert.InRange(bodies, 1, count - 3);
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task A_slow_reader_is_sent_away_and_the_others_hear_everything(bool tls)
    {
        const int Length = 60_000;
        var (room, people) = await both.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        var (slow, connection) = await both.SlowAsync(people[1], tls);
        await using var _ = slow;
        await using var swift = await RawSocket.WelcomedAsync(both.Address(tls), people[2]);

        var hearing = HearUntilAsync("the end");
        var count = await FloodAsync(people[0], room.RoomId, Length, () => connection.IsClosing);
        await people[0].SayAsync(room.RoomId, "the end");

        Assert.Equal(count, await hearing);
        Assert.Equal((int)CloseCode.Slow, connection.CloseCode);
        Assert.Equal(CloseCode.Slow, await slow.ClosedAsync());

        async Task<int> HearUntilAsync(string last)
        {
            for (var i = 0; ; i++)
            {
                var text = await swift.HearTextAsync();
                if (text == last) return i;
                Assert.Equal(Body(i, Length), text);
            }
        }
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task Who_never_reads_is_cut_and_leaves_nothing(bool tls)
    {
        var (room, people) = await both.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (slow, connection) = await both.SlowAsync(people[1], tls);
        await using var _ = slow;

        await FloodAsync(people[0], room.RoomId, 60_000, () => connection.IsClosing);

        await BothTransports.UntilAsync(() => !both.Hub.Connections.Contains(connection), "the end");
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task Who_vanishes_with_much_unread_or_half_a_frame_sent_leaves_nothing(bool tls)
    {
        var (room, people) = await both.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var slow = new List<(RawSocket Socket, Connection Connection)>();
        for (var i = 0; i < 8; i++) slow.Add(await both.SlowAsync(people[1], tls));
        await FloodAsync(people[0], room.RoomId, 60_000, () => slow.TrueForAll(it => it.Connection.Waiting.Frames > 0 || it.Connection.IsClosing));
        var frame = RawSocket.Frame(RawSocket.Text, Encoding.UTF8.GetBytes("""{"type":"typing","roomId":1}"""));

        for (var i = 0; i < slow.Count; i++)
        {
            await slow[i].Socket.SendRawAsync(frame[..(i * 4)]);
            slow[i].Socket.Reset();
        }

        await BothTransports.UntilAsync(() => !both.Hub.Connections.Intersect(slow.Select(it => it.Connection)).Any(), "their end");
        await BothTransports.UntilAsync(() => both.Hub.CountOf(Topics.Room(room.RoomId)) == 0, "nobody there"); // the author goes too
    }

    /// <summary>Posts as many as it takes: how much the kernel takes by itself differs from machine to machine.</summary>
    /// <param name="author">Who posts.</param>
    /// <param name="roomId">Where.</param>
    /// <param name="length">Characters of each.</param>
    /// <param name="enough">Whether those were enough.</param>
    /// <param name="pause">Whether the next are to wait.</param>
    /// <returns>How many those were.</returns>
    static async Task<int> FloodAsync(Guest author, long roomId, int length, Func<bool> enough, Func<bool>? pause = null)
    {
        var together = Math.Max(1, 60_000 / (length + 200));
        await using var socket = await author.ListenAsync();
        var posted = 0;
        while (!enough())
        {
            Assert.True(posted < 100_000, "A flood that fills nothing.");
            for (var i = 0; i < together; i++, posted++)
                await socket.SendAsync(new Post(roomId, $"f{posted}-{roomId}", Body(posted, length)));
            for (var i = 0; i < together; i++) await socket.NextAsync<Ack>();
            if (pause is not null) await BothTransports.UntilAsync(() => enough() || !pause(), "room for more");
        }
        return posted;
    }
}
