namespace Olha.Load;

/// <summary>Something that more nodes don't help against.</summary>
/// <param name="Name">What.</param>
/// <param name="Limit">How far it is to be used.</param>
/// <param name="People">With so many it is reached; null: with none that were looked at.</param>
/// <param name="Then">What changes then.</param>
internal sealed record Wall(string Name, string Limit, double? People, string Then)
{
    const double Least = 1000, Most = 1e9;

    /// <summary>All of them, the first one first.</summary>
    public static IReadOnlyList<Wall> Of(Planner planner, Machines machines, Costs costs, Day day)
    {
        var used = machines.Used;
        return
        [
            .. ((Wall[])
            [
                new("who is here, told to everybody", $"{machines.SocketBytes / 1024:0} KiB/s to a silent client",
                    Reached(people => planner.SilentBytes(people) > machines.SocketBytes), "presence only to those who share a room that is small, or look"),
                new("Redis, which has one thread", $"{used:P0} of a core", Reached(people => planner.RedisUsed(people) > used),
                    "the list of who is here no longer fetched whole; sharded pub/sub, one Redis for some of the channels"),
                new("a node's CPU for what concerns nobody there", $"half of {used:P0} of {machines.Cores} cores",
                    Reached(people => planner.For(people) is var plan && (plan.Nodes is null || plan.DroppedCores + plan.MembersCores > used * machines.Cores / 2)),
                    "channels by room, to which only those nodes subscribe that need them"),
                new("PostgreSQL's writes", $"{used:P0} of {machines.PostgresCores} cores, with as many together as come",
                    Reached(people => planner.For(people) is var plan && plan.Writes * costs.PostgresPerWrite(plan.Writes, plan.Nodes ?? double.PositiveInfinity) / 1e6 > used * machines.PostgresCores),
                    "partitions by room: a room's stream is counted in one place only, so rooms can be shared out over databases"),
                new("a room with everybody in it, where a thousandth of all is said", $"{used:P0} of the thread that delivers",
                    Reached(people => planner.For(people) is var plan && plan.Posts / 1000 * people / (plan.Nodes ?? 1) * costs.NodeDelivery / 1e6 > used),
                    "announcements instead of talk; more nodes with fewer people each"),
            ]).OrderBy(static it => it.People ?? double.MaxValue),
        ];
    }

    // The least number of people for which it holds; what holds for some holds for more.
    static double? Reached(Func<double, bool> holds)
    {
        if (!holds(Most)) return null;
        double low = Least, high = Most;
        if (holds(low)) return low;
        while (high / low > 1.01)
        {
            var middle = Math.Sqrt(low * high);
            if (holds(middle)) high = middle;
            else low = middle;
        }
        return high;
    }
}
