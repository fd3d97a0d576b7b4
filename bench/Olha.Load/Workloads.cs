namespace Olha.Load;

/// <summary>What is measured, and the goals of it.</summary>
internal static class Workloads
{
    static readonly Door[] s_doors = [Door.Floor, Door.Original, Door.V1];
    static readonly Door[] s_withPeers = [.. s_doors, .. Peer.All.Select(peer => peer.Door)];

    static readonly Metric[] s_durable =
    [
        new("sent_per_s", "posts heard/s", 0, Goal.AtLeast(25_000, "/s")),
        new("acks_per_s", "posts acknowledged/s", 0, Goal.AtLeast(25_000, "/s")),
        new("ack_p50_ms", "p50 ms to the acknowledgement", 2),
        new("ack_p99_ms", "p99 ms to the acknowledgement", 2),
        new("srv_cpu", "server cores", 2),
    ];

    static readonly Metric[] s_depth =
    [
        new("newest_p50_ms", "p50 ms, the newest page", 2),
        new("newest_p99_ms", "p99 ms, the newest page", 2, Goal.AtMost(5, "ms")),
        new("middle_p50_ms", "p50 ms, the page in the middle", 2),
        new("middle_p99_ms", "p99 ms, the page in the middle", 2, Goal.AtMost(5, "ms")),
        new("oldest_p50_ms", "p50 ms, the oldest page", 2),
        new("oldest_p99_ms", "p99 ms, the oldest page", 2, Goal.AtMost(5, "ms")),
        new("anywhere_p50_ms", "p50 ms, a page from anywhere", 2),
        new("anywhere_p99_ms", "p99 ms, a page from anywhere", 2, Goal.AtMost(5, "ms")),
        new("resume_p50_ms", "p50 ms, 200 changes", 2),
        new("resume_p99_ms", "p99 ms, 200 changes", 2, Goal.AtMost(5, "ms")),
        new("depth_ratio", "p50, middle or oldest ÷ newest", 2, Goal.AtMost(1.5, "")),
        new("pages_per_s", "answers/s", 0),
        new("newest_kb", "KB, a page", 1),
        new("resume_kb", "KB, 200 changes", 1),
        new("anon_mb", "MB of its own at the end", 1),
        new("rss_mb", "RSS MB at the end, with what is mapped of the file", 1),
    ];

    static readonly Metric[] s_start = [new("ready_ms", "ms to ready", 0, Goal.AtMost(100, "ms")), new("rss_mb", "RSS MB at rest", 1, Goal.AtMost(45, "MB"))];

    static readonly Metric[] s_startDeep = [new("ready_ms", "ms to ready", 0, Goal.AtMost(300, "ms")), s_start[1]];

    public static IReadOnlyList<Case> All { get; } =
    [
        new LoadCase("b1", "B1 burst", "100 sockets in one room, all talking: each says the next thing when it hears its own.", s_withPeers,
        [
            new("cpu_us_per_delivery", "server CPU µs/delivery", 3, Goal.TimesFloor(2)),
            new("deliveries_per_s", "deliveries/s", 0),
            new("p50_ms", "p50 ms", 2),
            new("p99_ms", "p99 ms", 2),
            new("sys_share", "of the CPU in the kernel", 2),
        ])
        {
            People = 100, Load = "--n 100 --senders 100 --window 1 --warm 3 --secs 10", Quick = "--warm 0.5 --secs 1",
        },

        new LoadCase("b2", "B2 paced", "One room of 1,000, 60 messages a second by 60 people.", s_withPeers,
        [
            new("cpu_us_per_delivery", "server CPU µs/delivery", 3, Goal.TimesFloor(1.35)),
            new("p50_ms", "p50 ms", 2),
            new("p99_ms", "p99 ms", 2, Goal.TimesFloor(1.3)),
            new("p999_ms", "p99.9 ms", 2),
            new("deliveries_per_s", "deliveries/s", 0),
        ])
        {
            People = 1000, Load = "--n 1000 --senders 60 --rate 60 --warm 3 --secs 15", Quick = "--warm 0.5 --secs 2",
        },

        new LoadCase("b3", "B3 idle", "10,000 sockets that are silent.", s_withPeers,
        [
            new("kb_per_conn", "KB of RSS a socket", 2, Goal.AtMost(6, "KB")),
            new("idle_cpu_pct", "% of a core", 2, Goal.AtMost(2, "%")),
            new("rss_mb", "RSS MB", 1),
            new("conn_per_s", "connects/s", 0),
            new("connect_cpu_us", "server CPU µs/connect", 0),
        ])
        {
            People = 10_000, Load = "--n 10000 --hold 60", Quick = "--hold 4",
        },

        new LoadCase("b4", "B4 durable", "4 sockets with 250 posts in flight each; the next goes when one is acknowledged.", s_doors, s_durable)
        {
            People = 4, Load = "--n 4 --senders 4 --window 250 --warm 2 --secs 10", LoadV1 = "--loop-acked 1", Quick = "--warm 0.5 --secs 1",
        },

        new LoadCase("b4", "B4 durable, cores shared", "The same, server and load on the same cores.", s_doors, s_durable)
        {
            People = 4, Load = "--n 4 --senders 4 --window 250 --warm 2 --secs 10", LoadV1 = "--loop-acked 1", Quick = "--warm 0.5 --secs 1",
            Pinned = false,
        },

        new LoadCase("b4", "B4 alone", "One socket, one post after the other.", s_doors,
        [
            new("ack_p50_ms", "p50 ms to the acknowledgement", 2, Goal.TwoSyncs),
            new("ack_p99_ms", "p99 ms to the acknowledgement", 2),
            new("p50_ms", "p50 ms to hearing it", 2, Goal.TwoSyncs),
            new("p99_ms", "p99 ms to hearing it", 2),
            new("sent_per_s", "posts/s", 0),
        ])
        {
            People = 4, Load = "--n 1 --senders 1 --window 1 --warm 1 --secs 5", LoadV1 = "--loop-acked 1", Quick = "--warm 0.2 --secs 1",
        },

        new DepthCase("b6", "B6 depth", "Two readers, each on one connection, one page of 50 after the other, in rooms picked by size.", s_depth),

        new StartCase("b7", "B7 start", "From exec to /ready, with no database yet; memory 5 s later.", s_start) { People = 0 },
        new StartCase("b7", "B7 start with data", "The same on a database of 10,000 people.", s_start) { People = 10_000 },
        new StartCase("b7", "B7 start with 10 million messages", "The same on B6's database.", s_startDeep) { Deep = true },
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(it => it.Workload).Distinct()];
}
