using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Makes the people and the rooms of a plan before its first step.</summary>
internal static class Setting
{
    public static async Task<Stage> SetAsync(Plan plan, IReadOnlyList<Uri> nodes, History history, CancellationToken ct)
    {
        var actors = new List<Actor>();
        for (var person = 0; person < plan.People; person++)
        {
            var name = PlanMaker.NameOf(person);
            var body = JsonSerializer.Serialize(new SignUpBody(name, Actor.Password, Bearer: true), ProtocolJson.Wire.SignUpBody);
            var session = await Asking.AskAsync(HttpMethod.Post, nodes[0], "users", null, body, ProtocolJson.Wire.SessionAnswer, ct);
            actors.Add(new Actor(session.Me.Id, name, session.Token!));
        }

        var mine = await Asking.GetAsync(nodes[0], "rooms", actors[0].Token, ProtocolJson.Wire.RoomList, ct);
        var rooms = new List<long> { mine.Rooms.Single(static place => place.Room!.General).RoomId };
        for (var room = 1; room < plan.Rooms; room++)
        {
            var body = JsonSerializer.Serialize(
                new NewRoomBody(room % 2 == 0 ? RoomKind.Open : RoomKind.Closed, $"Room {room}"), ProtocolJson.Wire.NewRoomBody);
            var place = await Asking.AskAsync(
                HttpMethod.Post, nodes[0], "rooms", actors[room % plan.People].Token, body, ProtocolJson.Wire.Place, ct);
            rooms.Add(place.RoomId);
        }
        return new Stage(plan.Seed, nodes, actors, rooms, history);
    }
}
