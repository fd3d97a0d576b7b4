using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>Pings every socket, those at the v1 door with the heads that moved, and closes those that fall silent.</summary>
internal sealed class Heart(Hub hub, TimeProvider clock) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var times = new Fanout.HeartbeatTimes(
            TimeSpan.FromMilliseconds(StartingState.Heartbeat.IntervalMs), TimeSpan.FromMilliseconds(StartingState.Heartbeat.TimeoutMs));
        return new Heartbeat(hub, times, clock)
        {
            Ping = Ping,
            Silent = static connection => connection.Close(CloseCode.Silent, TimeSpan.FromSeconds(1)),
        }.RunAsync(stoppingToken);
    }

    // The original's clients know nothing of an application ping: their browsers answer the protocol's.
    Frame? Ping(Connection connection, long beat)
    {
        if (hub.Listens(Topics.Original, connection)) return Frame.Ping;
        if (!hub.Listens(Topics.Server, connection)) return null;

        long? person = null, server = null;
        var rooms = new Dictionary<long, long>();
        foreach (var (topic, head) in hub.MovedSince(beat, connection))
        {
            if (topic == Topics.Server) server = head;
            else if (topic == Topics.Room(topic.Id)) rooms[topic.Id] = head;
            else if (topic == Topics.Person(topic.Id)) person = head;
        }
        return FrameEncoder.Encode(new Ping(new Heads(person, server, rooms.Count > 0 ? rooms : null)));
    }
}
