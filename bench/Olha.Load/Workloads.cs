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

    static readonly Metric[] s_stuck =
    [
        new("p99_ms", "p99 ms", 2),
        new("p50_ms", "p50 ms", 2),
        new("p999_ms", "p99.9 ms", 2),
        new("cpu_us_per_delivery", "server CPU µs/delivery", 3),
        new("deliveries_per_s", "deliveries/s", 0),
        new("rss_growth_mb", "MB by which RSS grew", 1),
    ];

    static readonly Metric[] s_shared =
    [
        new("acks_per_s", "posts acknowledged/s", 0),
        new("ack_p50_ms", "p50 ms to the acknowledgement", 2),
        new("ack_p99_ms", "p99 ms to the acknowledgement", 2),
        new("posts_per_batch", "posts a transaction", 0),
        new("queue_ms", "ms that a post waits for its turn", 2),
        new("read_ms", "ms to lock and read, a round trip", 2),
        new("decide_ms", "ms to decide", 2),
        new("commit_ms", "ms to write and commit, a round trip", 2),
        new("announce_ms", "ms to hand the announcements on", 2),
        new("rest_ms", "ms at p50 for the rest: sockets, broadcast, the load itself", 2),
        new("heard_per_s", "messages heard from the other node/s", 0),
        new("srv_cpu", "cores, all nodes", 2),
        new("others_cpu", "cores, all others: PostgreSQL, Redis, and who else was there", 2),
    ];

    static readonly Metric[] s_sharedByTwo = [s_shared[0] with { Goal = Goal.AtLeast(5000, "/s") }, .. s_shared[1..]];

    const string Roomy = "B8 clean"; // what B8 stuck is held against

    static readonly Case[] s_alone =
    [
        new LoadCase("b1", "B1 burst", "100 sockets in one room, all talking: each says the next thing when it hears its own.", s_withPeers,
        [
            new("cpu_us_per_delivery", "server CPU µs/delivery", 3, Goal.CostTimesFloor(2)),
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
            new("cpu_us_per_delivery", "server CPU µs/delivery", 3, Goal.CostTimesFloor(1.35)),
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

        new LoadCase("b5", "B5 storm", "10,000 come at once, are all cut off and come back at once, at the v1 door with what they hold and "
            + "having missed three messages. Memory a minute after the return, against memory 10 s after all had come.", s_doors,
        [
            new("conn_per_s", "connects/s", 0, Goal.AtLeast(4000, "/s")),
            new("return_per_s", "returns/s", 0, Goal.AtLeast(4000, "/s")),
            new("rss_ratio", "RSS after the return ÷ before", 2, Goal.AtMost(1.2, "")),
            new("heard_frames_per_conn", "frames a socket heard meanwhile", 1, Goal.AtMost(100, "")),
            new("return_heard_frames_per_conn", "frames it heard at the return", 1, Goal.AtMost(100, "")),
            new("heard_kb_per_conn", "KB a socket heard meanwhile", 0),
            new("return_heard_kb_per_conn", "KB it heard at the return", 0),
            new("overflows", "times the listener's queue was full", 0),
            new("return_overflows", "times it was full at the return", 0),
            new("connect_cpu_us", "server CPU µs/connect", 0),
            new("return_cpu_us", "server CPU µs/return", 0),
            new("rss_settled_mb", "RSS MB before", 1),
            new("rss_mb", "RSS MB after", 1),
        ])
        {
            People = 10_000, Load = "--n 10000 --flight 10000 --settle 10 --storm 60", LoadV1 = "--resume 1 --missed 3",
            Quick = "--settle 2 --storm 3",
        },

        new DepthCase("b6", "B6 depth", "Two readers, each on one connection, one page of 50 after the other, in rooms picked by size.", s_depth),

        new StartCase("b7", "B7 start", "From exec to /ready, with no database yet; memory 5 s later.", s_start) { People = 0 },
        new StartCase("b7", "B7 start with data", "The same on a database of 10,000 people.", s_start) { People = 10_000 },
        new StartCase("b7", "B7 start with 10 million messages", "The same on B6's database.", s_startDeep) { Deep = true },

        new LoadCase("b8", Roomy, "As B2, with messages so long that who never reads has more waiting than the kernel takes.", s_doors, s_stuck)
        {
            People = 1000, Load = "--n 1000 --senders 60 --rate 60 --size 3900 --warm 3 --secs 20", Quick = "--warm 0.5 --secs 2",
        },

        new LoadCase("b8", "B8 stuck", "The same with ten of the sockets never reading. They answer pings, so that only what waits "
            + "for them can end them.", s_doors,
        [
            .. s_stuck.Select(it => it.Key switch
            {
                "p99_ms" => it with { Goal = Goal.TimesCase(1.2, Roomy) },
                "rss_growth_mb" => it with { Goal = Goal.AboveCase(20, "MB", Roomy) },
                _ => it,
            }),
            new("stuck_closed", "stuck sockets that the server closed", 0, Goal.AtLeast(10, "")),
            new("stuck_s", "s until it closed them", 1),
        ])
        {
            People = 1000, Load = "--n 1000 --senders 60 --rate 60 --size 3900 --stuck 10 --warm 3 --secs 20", Quick = "--warm 0.5 --secs 2",
        },

        new LoadCase("b9", "B9 many rooms", "1,000 rooms of 10, a message a second in each.", [.. s_withPeers.Except([Door.Original])],
        [
            new("cpu_us_per_delivery", "server CPU µs/delivery", 3, Goal.TimesFloor(1.5)),
            new("p50_ms", "p50 ms", 2),
            new("p99_ms", "p99 ms", 2),
            new("deliveries_per_s", "deliveries/s", 0),
        ])
        {
            People = 10_000, Rooms = (1000, 10),
            Load = "--n 10000 --rooms 1000 --room-base 2 --senders 10000 --rate 1000 --settle 3 --warm 3 --secs 15",
            Quick = "--settle 1 --warm 0.5 --secs 2",
        },

        new LoadCase("b10", "B10 mixed day", "2,000 people in 200 rooms for ten minutes, once: 200 messages, 100 typing, 20 reactions and edits, and 50 pages "
            + "of history read a second; 5 a second are cut off and come back some seconds later, one in ten with empty hands.", [Door.V1],
        [
            new("p99_ms", "p99 ms", 2, Goal.AtMost(50, "ms")),
            new("rss_slope_mb_per_min", "RSS MB/minute after the first three", 2, Goal.AtMost(1, "MB")),
            new("p50_ms", "p50 ms", 2),
            new("p999_ms", "p99.9 ms", 2),
            new("ack_p99_ms", "p99 ms to the acknowledgement", 2),
            new("page_p50_ms", "p50 ms to a page", 2),
            new("page_p99_ms", "p99 ms to a page", 2),
            new("change_p50_ms", "p50 ms to a reaction or edit", 2),
            new("change_p99_ms", "p99 ms to a reaction or edit", 2),
            new("returns", "returns", 0),
            new("srv_cpu", "server cores", 2),
            new("rss_mb", "RSS MB", 1),
        ])
        {
            People = 2000, Rooms = (200, 10), MostRounds = 1,
            Load = "--n 2000 --rooms 200 --room-base 2 --senders 2000 --rate 200 --typing-rate 100 --read-rate 50 --change-rate 20 --churn-rate 5 "
                + "--resume 1 --settle 3 --warm 180 --secs 420",
            Quick = "--settle 1 --warm 2 --secs 8",
        },
    ];

    static readonly Case[] s_nodes =
    [
        new NodesCase("b11", "B11 one node, one room", "4 sockets in one room with 250 posts in flight each.", s_shared)
        {
            People = 4, Load = "--n 4 --senders 4 --window 250", Rows = 512, Clients = 1,
        },

        new NodesCase("b11", "B11 one node, 20 rooms", "100 people in 20 rooms with 10 posts in flight each.", s_shared)
        {
            People = 100, Rooms = (20, 5), Load = "--n 100 --rooms 20 --room-base 2 --senders 100 --window 10", Rows = 256, Clients = 2,
        },

        new NodesCase("b11", "B11 two nodes, one room", "2 sockets at each of two nodes, all in one room, with 250 posts in flight each.", s_sharedByTwo)
        {
            People = 4, Nodes = 2, Load = "--n 2 --senders 2 --window 250", Rows = 512, Clients = 1,
        },

        new NodesCase("b11", "B11 two nodes, the same 20 rooms", "40 people at each of two nodes, in the same 20 rooms, with 12 posts in flight each.", s_sharedByTwo)
        {
            People = 80, Rooms = (20, 4), Nodes = 2, Load = "--n 40 --rooms 20 --room-base 2 --senders 40 --window 12", Rows = 256, Clients = 2,
        },
    ];

    public static IReadOnlyList<Case> All { get; } = [.. s_alone, .. s_nodes];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(it => it.Workload).Distinct()];
}
