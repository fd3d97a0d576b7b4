using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

public sealed class ReportTests(TimedServer server) : IClassFixture<TimedServer>
{
    static string Path(long roomId, long seq) => $"/api/v1/rooms/{roomId}/messages/{seq}/report";

    static Task<ReportList> ListAsync(Guest who, string query = "") => who.GetAsync<ReportList>($"/api/v1/reports{query}");

    [Fact]
    public async Task Moderators_see_what_was_reported_as_it_is_now_and_resolve_it()
    {
        var (place, people) = await server.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        var (room, ana, bruno, carla) = (place.RoomId, people[0], people[1], people[2]);
        var said = await bruno.SayAsync(room, "rude");

        await carla.DoneAsync(HttpMethod.Post, Path(room, said.Seq), new ReportBody(" this\nis rude "));
        await carla.DoneAsync(HttpMethod.Post, Path(room, said.Seq), new ReportBody("again")); // twice is once
        var edited = await bruno.EditAsync(room, said.Seq, "very rude");

        var report = Assert.Single((await ListAsync(ana)).Reports);
        Assert.Equal((room, carla.Id, "this\nis rude", null, null),
            (report.RoomId, report.ReporterId, report.Reason, report.ResolvedAt, report.ResolvedBy));
        Assert.Equal((edited.Seq, edited.Rev, "very rude"), (report.Message.Seq, report.Message.Rev, report.Message.Body));
        foreach (var member in (Guest[])[bruno, carla])
        {
            Assert.Empty((await ListAsync(member)).Reports);
            Assert.Equal("not_found", (await member.RefusedAsync(HttpMethod.Post, $"/api/v1/reports/{report.Id}/resolve")).Code);
        }
        await ana.PutAsync<Member>($"/api/v1/rooms/{room}/moderators/{bruno.Id}", null);
        Assert.Single((await ListAsync(bruno)).Reports);
        Assert.Contains((await ListAsync(server.Owner)).Reports, it => it.Id == report.Id); // not in the room

        var resolved = await ana.PostAsync<Report>($"/api/v1/reports/{report.Id}/resolve", null);

        Assert.Equal(ana.Id, resolved.ResolvedBy);
        Assert.Equal(resolved.ResolvedAt, (await server.Owner.PostAsync<Report>($"/api/v1/reports/{report.Id}/resolve", null)).ResolvedAt);
        Assert.Empty((await ListAsync(ana, "?open=true")).Reports);
        Assert.Single((await ListAsync(ana)).Reports);
        var act = Assert.Single(await server.AuditAsync(AuditAction.ReportResolved, room));
        Assert.Equal((ana.Id, bruno.Id, $"{said.Seq}"), (act.ActorId, act.UserId, act.Details!["seq"]));
        await ana.DeleteAsync(room, said.Seq);
        Assert.Null((await ListAsync(ana)).Reports.Single().Message.Body);
    }

    [Fact]
    public async Task What_cannot_be_read_or_is_ones_own_cannot_be_reported()
    {
        var (place, people) = await server.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (room, ana, bruno) = (place.RoomId, people[0], people[1]);
        var said = await ana.SayAsync(room, "olá");
        var deleted = await ana.SayAsync(room, "gone");
        await ana.DeleteAsync(room, deleted.Seq);
        using var outsider = await server.SignUpAsync("outsider");
        var open = await ana.CreateRoomAsync();

        async Task RefusedAsync(string code, Guest who, long roomId, long seq) =>
            Assert.Equal(code, (await who.RefusedAsync(HttpMethod.Post, Path(roomId, seq), new ReportBody(null))).Code);
        await RefusedAsync("forbidden", ana, room, said.Seq);
        await RefusedAsync("forbidden", bruno, room, 1); // a line of the house
        await RefusedAsync("deleted", bruno, room, deleted.Seq);
        await RefusedAsync("not_found", bruno, room, 999);
        await RefusedAsync("not_found", outsider, room, said.Seq);
        await RefusedAsync("not_member", outsider, open.RoomId, 1);
        foreach (var reason in (string[])[new string('x', 501), "a\0b", "bell\u0007"])
            Assert.Equal("invalid_reason", (await bruno.RefusedAsync(HttpMethod.Post, Path(room, said.Seq), new ReportBody(reason))).Code);
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Post, "/api/v1/reports/999999/resolve")).Code);
        Assert.Empty((await ListAsync(ana)).Reports);

        await bruno.DoneAsync(HttpMethod.Post, Path(room, said.Seq), new ReportBody(new string('ç', 500)));
    }

    [Fact]
    public async Task Who_opened_a_direct_room_judges_nobody_in_it()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        var direct = await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([bruno.Id]));
        var said = await ana.SayAsync(direct.RoomId, "rude");

        await bruno.DoneAsync(HttpMethod.Post, Path(direct.RoomId, said.Seq), new ReportBody(""));

        Assert.Empty((await ListAsync(ana)).Reports);
        var report = (await ListAsync(server.Owner)).Reports.Single(it => it.RoomId == direct.RoomId);
        Assert.Null(report.Reason);
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Post, $"/api/v1/reports/{report.Id}/resolve")).Code);
    }

    [Fact]
    public async Task They_come_in_pages_the_last_first()
    {
        var (place, people) = await server.Server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        for (var i = 0; i < 52; i++)
            await people[0].DoneAsync(HttpMethod.Post, Path(place.RoomId, (await people[1].SayAsync(place.RoomId, $"{i}")).Seq), new ReportBody(null));

        var first = await ListAsync(people[0]);
        var second = await ListAsync(people[0], $"?before={first.Next}");

        Assert.Equal((50, 2, null), (first.Reports.Count, second.Reports.Count, second.Next));
        Assert.Equal(
            Enumerable.Range(0, 52).Reverse().Select(i => $"{i}"), first.Reports.Concat(second.Reports).Select(it => it.Message.Body!));
    }
}
