using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Reads everything that the nodes answer over HTTP at the end.</summary>
internal static class Serving
{
    const int PageSize = 100;

    public static async Task<IReadOnlyList<Served>> ReadAsync(Stage stage, CancellationToken ct)
    {
        var all = new List<Served>();
        for (var node = 0; node < stage.Nodes.Count; node++) all.Add(await ReadAsync(node, stage, ct));
        return all;
    }

    static async Task<Served> ReadAsync(int number, Stage stage, CancellationToken ct)
    {
        var node = stage.Nodes[number];
        var places = new Dictionary<(long, long), Place>();
        var messages = new Dictionary<long, IReadOnlyDictionary<long, Message>>();
        foreach (var actor in stage.Actors)
        {
            foreach (var place in (await Asking.GetAsync(node, "rooms", actor.Token, ProtocolJson.Wire.RoomList, ct)).Rooms)
            {
                places[(actor.Id, place.RoomId)] = place;
                if (!messages.ContainsKey(place.RoomId)) messages[place.RoomId] = await PagesAsync(node, place.RoomId, actor.Token, ct);
            }
        }
        return new Served(number, messages, places);
    }

    // From the newest page back to the first message.
    static async Task<Dictionary<long, Message>> PagesAsync(Uri node, long roomId, string token, CancellationToken ct)
    {
        var all = new Dictionary<long, Message>();
        for (var before = ""; ;)
        {
            var page = await Asking.GetAsync(
                node, $"rooms/{roomId}/messages?limit={PageSize}{before}", token, ProtocolJson.Wire.MessagePage, ct);
            foreach (var message in page.Messages) all[message.Seq] = message;
            if (!page.HasBefore || page.Messages.Count == 0) return all;
            before = $"&before={page.Messages[0].Seq}";
        }
    }
}
