namespace Olha.Load;

/// <summary>What one thing costs, in µs of a core unless said otherwise, as it follows from what was measured.</summary>
internal sealed record Costs
{
    public const string Idle = "silent", LargeRoom = "one room of 1,000", SmallRooms = "200 rooms of 10", Posts = "as fast as it goes", Check = "40 rooms of 30";

    /// <summary>A connection, a second.</summary>
    public required double NodeConnection { get; init; }
    public required double PostgresConnection { get; init; }
    public required double RedisConnection { get; init; }

    /// <summary>Nothing at all, a second.</summary>
    public required double PostgresRest { get; init; }
    public required double RedisRest { get; init; }

    /// <summary>A return.</summary>
    public required double NodeReturn { get; init; }
    public required double PostgresReturn { get; init; }

    /// <summary>A post at the node that takes it, and a delivery.</summary>
    public required double NodePost { get; init; }
    public required double NodeDelivery { get; init; }

    /// <summary>A post at PostgreSQL, when there is time, and when as many go together as come.</summary>
    public required double PostgresPost { get; init; }
    public required double PostgresPostTogether { get; init; }

    /// <summary>What a second node adds to a post at PostgreSQL when there is time: each node has transactions of its own, and fewer go together.</summary>
    public required double PostgresApart { get; init; }

    /// <summary>Another node's hint that is wanted here, and one that is not when many come together.</summary>
    public required double NodeTaken { get; init; }
    public required double NodeDropped { get; init; }

    /// <summary>A hint at Redis, by the nodes that it goes to: when it comes alone, and when Redis is full, so that what it has for a client goes out
    /// together.</summary>
    public required Curve RedisHint { get; init; }
    public required Curve FullHint { get; init; }

    /// <summary>A person in the list of who is here, each time that a node asks for it: at Redis, and at the node.</summary>
    public required double RedisMember { get; init; }
    public required double NodeMember { get; init; }
    public required double BytesMember { get; init; }

    /// <summary>MB of a node with nobody, KB of a connection.</summary>
    public required double MbAtRest { get; init; }
    public required double KbConnection { get; init; }

    /// <summary>Bytes: of one delivery, of a hint, of a post in PostgreSQL's log.</summary>
    public required double BytesDelivery { get; init; }
    public required double BytesHint { get; init; }
    public required double BytesLog { get; init; }

    /// <summary>Posts a second at which <see cref="PostgresPost"/> was measured, and at which <see cref="PostgresPostTogether"/> was: the most that two nodes
    /// and everything beside them stored on the machine.</summary>
    public required double PostsApart { get; init; }
    public required double MostPosts { get; init; }

    public static string On(string load, int nodes) => nodes == 1 ? $"{load}, one node" : $"{load}, {nodes} nodes";

    public static Costs From(Measurements measured)
    {
        var costs = measured.Costs ?? throw new BenchException("what a connection, a delivery and a post cost was not measured: script/bench b13");
        var many = measured.Simulation ?? throw new BenchException("many nodes were not simulated: script/bench simulate");
        var (idle, small, large) = (On(Idle, 1), On(SmallRooms, 1), On(LargeRoom, 1));
        var connection = costs[idle, "node_us_per_connection_s"];
        var (post, delivery) = PostAndDelivery(costs, small, large, connection);

        // What the second node adds: every message was said in a room that it serves too.
        var two = On(SmallRooms, 2);
        var taken = (NodeWork(costs, two, connection) - post * costs[two, "posts_per_s"] - delivery * costs[two, "deliveries_per_s"]) / costs[two, "posts_per_s"];

        Curve Of(Func<int, double> hint) => new([.. Simulation.Sizes.Where(static n => n != PlanCheck.Nodes).Select(n => ((double)n, hint(n)))]);
        var dropped = Fit.Of([.. Simulation.DenseSizes.Select(n => ((double)n, 1.0, many[Simulation.DenseNodes(n), "nodes_us_per_hint"]))]).X;
        var (rest, postgresConnection, postgresPost) = PostgresOf(costs, idle, large, small);
        var (redisMember, nodeMember, bytesMember) = Members(many);
        return new Costs
        {
            NodeConnection = connection, PostgresConnection = postgresConnection, PostgresRest = rest, RedisConnection = costs[idle, "redis_us_per_connection_s"],
            RedisRest = 2 * many[Simulation.Nodes(2), "idle_redis_us_per_node_s"],
            NodeReturn = costs[idle, "node_us_per_connect"], PostgresReturn = costs[idle, "postgres_us_per_connect"],
            NodePost = post, NodeDelivery = delivery, NodeTaken = Math.Max(dropped, taken), NodeDropped = dropped,
            PostgresPost = postgresPost, PostgresPostTogether = costs[On(Posts, 2), "postgres_us_per_post"],
            PostgresApart = Math.Max(0, costs[two, "postgres_us_per_post"] - costs[small, "postgres_us_per_post"]),
            RedisHint = Of(n => many[Simulation.Nodes(n), "dropped_redis_us_per_hint"]), FullHint = Of(n => many[RedisCeiling.Name(n), "redis_us_per_hint"]),
            RedisMember = redisMember, NodeMember = nodeMember, BytesMember = bytesMember,
            MbAtRest = costs[idle, "mb_at_rest"], KbConnection = costs[idle, "kb_per_connection"],
            BytesDelivery = costs[large, "heard_per_delivery"], BytesHint = many[Simulation.Nodes(2), "redis_in_per_hint"], BytesLog = costs[small, "wal_per_post"],
            PostsApart = costs[small, "posts_per_s"], MostPosts = costs[On(Posts, 2), "posts_per_s"],
        };
    }

    /// <summary>What PostgreSQL pays for one of so many writes a second at so many nodes: the more there are at one, the more go together. Where every
    /// write is alone, another node adds nothing.</summary>
    public double PostgresPerWrite(double writes, double nodes)
    {
        var part = Math.Clamp((writes - PostsApart) / Math.Max(1, MostPosts - PostsApart), 0, 1);
        var apart = PostgresPost + 2 * (1 - 1 / nodes) * PostgresApart;
        return apart + part * (PostgresPostTogether - apart);
    }

    // Two loads with other proportions of posts and deliveries: two equations.
    static (double Post, double Delivery) PostAndDelivery(Section costs, string small, string large, double connection)
    {
        double Posts(string it) => costs[it, "posts_per_s"];
        double Deliveries(string it) => costs[it, "deliveries_per_s"];
        var (smallWork, largeWork) = (NodeWork(costs, small, connection), NodeWork(costs, large, connection));
        var determinant = Posts(small) * Deliveries(large) - Posts(large) * Deliveries(small);
        return ((smallWork * Deliveries(large) - largeWork * Deliveries(small)) / determinant, (Posts(small) * largeWork - Posts(large) * smallWork) / determinant);
    }

    static double NodeWork(Section costs, string load, double connection) => costs[load, "node_cores"] * 1e6 - connection * costs[load, "people"];

    // Three loads: nothing, connections and posts are three unknowns.
    static (double AtRest, double Connection, double Post) PostgresOf(Section costs, string idle, string large, string small)
    {
        double Cores(string it) => costs[it, "postgres_cores"] * 1e6;
        double People(string it) => costs[it, "people"];
        var (idlePeople, idleCores) = (People(idle), Cores(idle));
        double a = People(large) - idlePeople, b = costs[large, "posts_per_s"], x = Cores(large) - idleCores;
        double c = People(small) - idlePeople, d = costs[small, "posts_per_s"], y = Cores(small) - idleCores;
        var connection = Math.Clamp((x * d - y * b) / (a * d - c * b), 0, idleCores / idlePeople);
        var rest = idleCores - connection * idlePeople;
        return (rest, connection, (Cores(small) - rest - connection * People(small)) / d);
    }

    // Each node asks for two sets a second, and with people who come and go gets both whole; that each is renewed is what they pay besides.
    static (double Redis, double Node, double Bytes) Members(Section many)
    {
        var fitted = CrowdSimulation.Sizes.SkipLast(1).ToList();
        double Of(string figure, double unit) => Fit.Of([.. fitted.Select(it => (2.0 * it.Nodes * it.People, (double)it.People, unit * many[CrowdSimulation.Name(it.Nodes, it.People), figure]))]).X;
        return (Of("redis_cores", 1e6), Of("nodes_cores", 1e6), Of("redis_out_per_s", 1));
    }
}
