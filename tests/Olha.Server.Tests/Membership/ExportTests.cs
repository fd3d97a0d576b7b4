using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

public sealed class ExportTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Everything_about_oneself_is_in_it_and_nothing_that_lets_somebody_in()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Pronouns: "ela"));
        var token = await ana.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("bot", [Scope.Read]));
        var room = await ana.CreateRoomAsync();
        await bruno.JoinAsync(room.RoomId);
        var left = await bruno.CreateRoomAsync(RoomKind.Closed, "Bruno's secret room");
        await bruno.InviteAsync(left.RoomId, ana);
        var others = await bruno.SayAsync(room.RoomId, "not hers");
        var first = await ana.SayAsync(room.RoomId, "olá “mundo”");
        await ana.EditAsync(room.RoomId, first.Seq, "olá outra vez");
        for (var i = 0; i < 250; i++) await ana.SayAsync(room.RoomId, $"{i}");
        await ana.SayAsync(left.RoomId, "elsewhere");
        await ana.LeaveAsync(left.RoomId);
        await ana.ReactAsync(room.RoomId, others.Seq, "👍");
        await bruno.ReactAsync(room.RoomId, first.Seq, "🎉");
        await ana.PutAsync<Message>($"/api/v1/rooms/{room.RoomId}/messages/{others.Seq}/saved", null);
        await ana.PutAsync<RoomDraft>($"/api/v1/rooms/{room.RoomId}/draft", new BegunBody("begun"));

        using var response = await ana.SendAsync(HttpMethod.Get, "/api/v1/me/export");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("application/json", "attachment", $"olha-mensagem-{ana.Id}.json"), (
            response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.DispositionType,
            response.Content.Headers.ContentDisposition?.FileName?.Trim('"')));
        using var document = JsonDocument.Parse(text);
        var all = document.RootElement;
        Assert.Equal("ela", all.GetProperty("profile").GetProperty("pronouns").GetString());
        Assert.Single(all.GetProperty("sessions").EnumerateArray());
        Assert.Equal("bot", Assert.Single(all.GetProperty("tokens").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(3, all.GetProperty("rooms").GetArrayLength());
        var messages = all.GetProperty("messages").EnumerateArray().ToArray();
        Assert.Equal(252, messages.Length);
        Assert.Equal("olá outra vez", messages[0].GetProperty("message").GetProperty("body").GetString());
        Assert.Equal("olá “mundo”", messages[0].GetProperty("formerBodies")[0].GetProperty("body").GetString());
        Assert.Equal(
            Enumerable.Range(0, 250).Select(i => $"{i}"), messages[1..251].Select(it => it.GetProperty("message").GetProperty("body").GetString()));
        Assert.Equal("elsewhere", messages[251].GetProperty("message").GetProperty("body").GetString());
        Assert.Equal("👍", Assert.Single(all.GetProperty("reactions").EnumerateArray()).GetProperty("emoji").GetString());
        Assert.Equal(others.Seq, Assert.Single(all.GetProperty("saved").EnumerateArray()).GetProperty("seq").GetInt64());
        Assert.Equal("begun", Assert.Single(all.GetProperty("drafts").EnumerateArray()).GetProperty("body").GetString());
        Assert.Empty(all.GetProperty("reports").EnumerateArray());
        Assert.All(
            (string[])[ana.Token!, token.Token, "not hers", "Bruno's secret room"], it => Assert.DoesNotContain(it, text, StringComparison.Ordinal));
    }
}
