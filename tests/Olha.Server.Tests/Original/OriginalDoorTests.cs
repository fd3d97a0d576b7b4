using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests.Original;

/// <summary>The original's WebSocket, as its documentation and its clients have it.</summary>
public sealed class OriginalDoorTests(ChatServer server) : IClassFixture<ChatServer>
{
    const int General = 1;

    static string[] Fields(JsonElement frame) => [.. frame.EnumerateObject().Select(it => it.Name)];

    static async Task<JsonElement> ChatAsync(RawSocket socket, string content)
    {
        while (true)
            if (await socket.HearAsync("Chat") is var frame && frame.GetProperty("content").GetString() == content) return frame;
    }

    // What a test before this one said may still be on its way when a socket comes in.
    static async Task<string> NextOfAsync(RawSocket socket, Guest author)
    {
        while (true)
            if (await socket.HearAsync("Chat") is var frame && frame.GetProperty("userId").GetInt64() == author.Id)
                return frame.GetProperty("content").GetString()!;
    }

    static async Task<JsonElement> NotificationAsync(RawSocket socket, Func<string, bool> says)
    {
        while (true)
            if (await socket.HearAsync("Notification") is var frame && says(frame.GetProperty("content").GetString()!)) return frame;
    }

    [Fact]
    public async Task Without_a_session_401_with_anothers_403_with_no_number_404()
    {
        var ana = await server.SignUpAsync();
        var bruno = await server.SignUpAsync("bruno");
        var cookie = ("Cookie", $"olha_session={ana.Token}");

        await using var nobody = await RawSocket.OpenAsync(server.Address, $"/api/ws/{ana.Id}");
        await using var another = await RawSocket.OpenAsync(server.Address, $"/api/ws/{bruno.Id}", cookie);
        await using var missing = await RawSocket.OpenAsync(server.Address, "/api/ws/99999999", cookie);
        await using var word = await RawSocket.OpenAsync(server.Address, "/api/ws/ana", cookie);
        await using var own = await RawSocket.OpenAsync(server.Address, $"/api/ws/{ana.Id}", cookie);

        Assert.Equal((401, 403, 403, 404, 101), (nobody.Status, another.Status, missing.Status, word.Status, own.Status));
    }

    [Fact]
    public async Task A_text_frame_is_broadcast_to_all_with_the_six_fields()
    {
        var ana = await server.SignUpAsync();
        await using var her = await RawSocket.OriginalAsync(server.Address, ana);
        await using var his = await RawSocket.OriginalAsync(server.Address, await server.SignUpAsync("bruno"));

        await her.SayAsync("hello world, olá ç");

        foreach (var socket in (RawSocket[])[her, his])
        {
            var chat = await ChatAsync(socket, "hello world, olá ç");
            Assert.Equal(["type", "userId", "username", "content", "timestamp", "color"], Fields(chat));
            Assert.Equal((ana.Id, ana.Username, ana.Me.Color),
                (chat.GetProperty("userId").GetInt64(), chat.GetProperty("username").GetString(), chat.GetProperty("color").GetString()));
            Assert.Matches("^#[0-9a-f]{6}$", chat.GetProperty("color").GetString());
            Assert.True(chat.GetProperty("timestamp").TryGetDateTimeOffset(out var at) && at.Offset == TimeSpan.Zero);
        }
        // After commit: it is there to be read.
        Assert.Contains(await ana.HistoryAsync(General), it => it.Body == "hello world, olá ç");
    }

    [Fact]
    public async Task Another_form_of_what_was_said_is_no_news()
    {
        var ana = await server.SignUpAsync();
        var early = await ana.SayAsync(General, "before");
        await using var socket = await RawSocket.OriginalAsync(server.Address, await server.SignUpAsync("bruno"));

        var said = await ana.SayAsync(General, "once");
        await ana.ReactAsync(General, early.Seq, "👍");
        await ana.EditAsync(General, said.Seq, "twice");
        await ana.DeleteAsync(General, said.Seq);
        await ana.SayAsync(General, "then");

        string[] heard = [await NextOfAsync(socket, ana), await NextOfAsync(socket, ana)];
        Assert.Equal(["once", "then"], heard[0] == "before" ? [heard[1], await NextOfAsync(socket, ana)] : heard);
    }

    [Fact]
    public async Task Text_is_content_and_is_never_parsed()
    {
        await using var socket = await RawSocket.OriginalAsync(server.Address, await server.SignUpAsync());
        const string Command = """{"type":"post","roomId":2,"cid":"x","body":"y"}""";

        await socket.SayAsync(Command);

        Assert.Equal("Chat", (await ChatAsync(socket, Command)).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("  two\nlines\r\nhere  ", "two lines here")]
    [InlineData("\n\nlead", "lead")]
    public async Task Line_ends_become_spaces_and_the_ends_are_trimmed(string said, string heard)
    {
        var ana = await server.SignUpAsync();
        await using var socket = await RawSocket.OriginalAsync(server.Address, ana);

        await socket.SayAsync("");
        await socket.SayAsync(" \n ");
        await socket.SayAsync(said);

        // Nothing came of the empty ones.
        Assert.Equal(heard, await NextOfAsync(socket, ana));
    }

    [Fact]
    public async Task Posts_made_elsewhere_in_General_arrive_and_those_of_other_rooms_do_not()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana");
        await using var socket = await RawSocket.OriginalAsync(server.Address, people[0]);

        await people[0].SayAsync(room.RoomId, "not here");
        await people[0].SayAsync(General, "over http");

        Assert.Equal("over http", await NextOfAsync(socket, people[0]));
    }

    [Fact]
    public async Task A_message_said_here_is_heard_at_the_v1_door()
    {
        var ana = await server.SignUpAsync();
        await using var ear = await ana.ListenAsync();
        await using var socket = await RawSocket.OriginalAsync(server.Address, ana);

        await socket.SayAsync("from the old door");

        var message = (await ear.NextAsync<MessageChange>(it => it.Message.Body == "from the old door")).Message;
        Assert.Equal((ana.Id, General), (message.AuthorId, message.RoomId));
        Assert.NotNull(message.Cid);
    }

    [Fact]
    public async Task A_notification_tells_who_connects_and_disconnects_and_is_not_stored()
    {
        var ana = await server.SignUpAsync();
        var bruno = await server.SignUpAsync("bruno");
        await using var hers = await RawSocket.OriginalAsync(server.Address, ana);
        var his = await RawSocket.OriginalAsync(server.Address, bruno);

        var came = await NotificationAsync(hers, it => it.Contains(bruno.Username) && it.Contains("connected"));
        Assert.Equal(["type", "content", "timestamp", "color"], Fields(came));
        await his.DisposeAsync();
        await NotificationAsync(hers, it => it.Contains(bruno.Username) && it.Contains("disconnected"));
        Assert.DoesNotContain(await ana.HistoryAsync(General), it => it.Body?.Contains("connected") == true);
    }

    [Fact]
    public async Task A_notification_tells_what_the_system_says()
    {
        await using var socket = await RawSocket.OriginalAsync(server.Address, await server.SignUpAsync());

        var bruno = await server.SignUpAsync("bruno");

        await NotificationAsync(socket, it => it == $"{bruno.Username} joined General.");
    }

    [Fact]
    public async Task A_refusal_is_a_private_notification_and_the_socket_stays()
    {
        var ana = await server.SignUpAsync();
        await using var hers = await RawSocket.OriginalAsync(server.Address, ana);
        await using var his = await RawSocket.OriginalAsync(server.Address, await server.SignUpAsync("bruno"));

        await hers.SayAsync(new string('x', 4001));
        await NotificationAsync(hers, it => it == Refusal.TooLong.Detail);
        await hers.SayAsync("bell\u0007");
        await NotificationAsync(hers, it => it == Refusal.InvalidText.Detail);
        await hers.SayAsync("fine");

        await ChatAsync(hers, "fine");
        while (await his.HearAsync() is var frame && frame.GetProperty("type").GetString() != "Chat")
            Assert.DoesNotContain("too long", frame.GetProperty("content").GetString()!);
    }

    [Fact]
    public async Task The_rate_limit_holds_here_too()
    {
        await using var slow = await ChatServer.StartAsync(it => it with { MessagesPerSecond = 0.1, MessageBurst = 2 });
        await using var socket = await RawSocket.OriginalAsync(slow.Address, await slow.SignUpAsync());

        for (var i = 0; i < 3; i++) await socket.SayAsync($"{i}");

        await NotificationAsync(socket, it => it == Refusal.TooFast.Detail);
    }

    [Fact]
    public async Task Messages_keep_their_order_for_everyone()
    {
        var ana = await server.SignUpAsync();
        await using var hers = await RawSocket.OriginalAsync(server.Address, ana);
        await using var his = await RawSocket.OriginalAsync(server.Address, await server.SignUpAsync("bruno"));

        for (var i = 0; i < 200; i++) await hers.SayAsync($"o{i}");

        foreach (var socket in (RawSocket[])[hers, his])
            for (var i = 0; i < 200; i++) Assert.Equal($"o{i}", await NextOfAsync(socket, ana));
    }
}
