using System.Diagnostics.Metrics;
using Olha.Fanout;
using Olha.Server.Backups;
using Olha.Server.Gateway;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Storage;

namespace Olha.Server.Watch;

/// <summary>What this program measures of itself, by the names that the metrics have. Each reads a figure that is counted anyway, and only
/// when somebody asks.</summary>
internal sealed class Instruments
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "Olha";

    // From a commit to the last of its listeners here takes a fraction of a millisecond, over Redis one, over PostgreSQL a tenth of a second.
    static readonly double[] s_lag = [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5];

    public Instruments(
        IMeterFactory meters, Hub hub, Database database, Commits commits, PostMessage posts, RefusalCounts refusals, SocketCounts sockets,
        ConnectionLimits people, Announcer announcer, Delivery delivery, Conditions conditions, IBackplane backplane, NodeBoard nodes, ScheduledBackups backups)
    {
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge("olha.build.info", Build, description: "1, with the version that runs.");
        meter.CreateObservableUpDownCounter("olha.people", () => (long)people.People, "{person}", "People who have a socket open.");
        meter.CreateObservableUpDownCounter("olha.connections", () => Open(hub), "{connection}", "Open sockets, by the door they came by.");
        meter.CreateObservableCounter("olha.connections.opened", () => hub.Taken, "{connection}", "Sockets that were opened.");
        meter.CreateObservableCounter(
            "olha.connections.closed", () => sockets.Closed().Select(static it => Of(it.Count, ("reason", it.Reason))), "{connection}",
            "Sockets that are gone, by the server's reason to close them; client: it had none.");
        meter.CreateObservableCounter(
            "olha.welcomes", () => sockets.Begun().Select(static it => Of(it.Count, ("kind", Word(it.How)))), "{welcome}",
            "How clients began: fresh, resumed, behind (rooms are left to fetch), restarted (they held another history).");
        meter.CreateObservableCounter("olha.messages", () => posts.Stored, "{message}", "Messages that were said.");
        meter.CreateObservableCounter(
            "olha.deliveries", () => hub.Deliveries, "{frame}", "Frames said on topics, each counted once a listener.");
        meter.CreateObservableUpDownCounter("olha.outbox.bytes", () => hub.Waiting().Bytes, "By", "Bytes that wait to be written to sockets.");
        meter.CreateObservableUpDownCounter("olha.outbox.frames", () => hub.Waiting().Frames, "{frame}", "Frames that wait to be written to sockets.");
        meter.CreateObservableCounter(
            "olha.refusals", () => refusals.Each().Select(static it => Of(it.Count, ("door", Word(it.Door)), ("code", it.Code))), "{refusal}",
            "Refusals that were told, by their code.");
        meter.CreateObservableUpDownCounter(
            "olha.db.waiting", () => database.Waiting, "{unit}", "Units of work that wait for the database.");
        meter.CreateObservableCounter(
            "olha.db.commit.failures", () => commits.Failed, "{unit}", "Units of work that could not be made durable.");
        meter.CreateObservableCounter(
            "olha.backplane.gaps", () => delivery.Gaps, "{gap}", "Gaps in streams that were read from the database.");
        meter.CreateObservableGauge(
            "olha.backup.last", () => backups.LastSuccess, "s", "When the newest scheduled backup was taken, in Unix time; 0: there is none.");
        meter.CreateObservableGauge(
            "olha.degraded", () => conditions.Each().Select(static it => Of(it.Why is null ? 0 : 1, ("reason", it.Reason))), description:
            "1: this should be looked at, as /ready says.");
        meter.CreateObservableGauge("olha.nodes", () => nodes.Count, "{node}", "Nodes that this one hears, and itself.");
        var local = Lag("olha.delivery.lag", "From a commit until its changes were written to those who listen on this node, and handed on for the others.");
        announcer.Passed += took => local.Record(took.TotalSeconds);
        var between = Lag("olha.backplane.lag", "How long what this node told all took to come back to it over Redis, or PostgreSQL where that carries it.");
        backplane.CameBack += took => between.Record(took.TotalSeconds);

        Histogram<double> Lag(string name, string about) =>
            meter.CreateHistogram(name, "s", about, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = s_lag });
    }

    static Measurement<long> Build() => Of(1, ("version", CommandLine.ProgramVersion));

    static IEnumerable<Measurement<long>> Open(Hub hub)
    {
        var original = hub.CountOf(Topics.Original);
        yield return Of(hub.ConnectionCount - original, ("door", Word(Door.Socket)));
        yield return Of(original, ("door", Word(Door.Original)));
    }

    static Measurement<long> Of(long value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var at = 0; at < labels.Length; at++) tags[at] = new(labels[at].Name, labels[at].Value);
        return new Measurement<long>(value, tags);
    }

    static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
