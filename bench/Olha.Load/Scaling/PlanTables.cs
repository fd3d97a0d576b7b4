using System.Globalization;
using System.Text;

namespace Olha.Load;

/// <summary>What the model says, as tables: those that <c>script/bench plan</c> prints are those of docs/scaling.md.</summary>
internal sealed class PlanTables(Costs costs, Day day, Machines machines)
{
    public static readonly IReadOnlyList<double> Sizes = [10_000, 100_000, 1_000_000, 10_000_000];

    /// <summary>What a cluster needs.</summary>
    /// <param name="sizes">People who are connected.</param>
    /// <param name="isShared">The program as it is.</param>
    public string Plans(IReadOnlyList<double> sizes, bool isShared)
    {
        var planner = new Planner(costs, day, machines, isShared);
        var plans = sizes.Select(planner.For).ToList();
        var walls = isShared ? Wall.Of(planner, machines, costs, day) : [];
        var table = new StringBuilder($"| connected | {string.Join(" | ", sizes.Select(static it => Many(it)))} |\n|---|{string.Concat(sizes.Select(static _ => "--:|"))}\n");
        Row("messages a second", it => Many(it.Posts));
        Row("deliveries a second, of messages, typing and marks", it => Many(it.Deliveries));
        Row("deliveries a second of who is here", it => Many(it.PresenceDeliveries));
        Row("hints a second", it => Many(it.Hints));
        Row("**nodes**, one of them to spare", it => it.Nodes is { } nodes ? $"**{(nodes == 1 ? 1 : nodes + 1):N0}**" : "**none suffice**");
        Row("what decides their number", it => it.DecidedBy.Length == 0 ? "–" : it.DecidedBy);
        Row("cores used of a node", it => Few(it.NodeCores));
        if (isShared) Row("of these, by hints that concern nobody there", it => Few(it.DroppedCores));
        if (isShared) Row("of these, by the list of who is here", it => Few(it.MembersCores));
        Row("MB of a node", it => Many(it.NodeMb));
        Row(isShared ? "cores of Redis, which can use one" : "cores of all Redis", it => it.Nodes == 1 ? "–" : Few(it.RedisCores));
        if (isShared) Row("of these, by the list of who is here", it => it.Nodes == 1 ? "–" : Few(it.RedisMemberCores));
        Row("MB/s that Redis sends", it => it.Nodes == 1 ? "–" : Few(it.RedisBytes / 1e6));
        Row("cores of PostgreSQL", it => Few(it.PostgresCores));
        Row("rows written a second", it => Many(it.Writes));
        Row("MB/s of its log", it => Few(it.LogBytes / 1e6));
        Row("Mbit/s to clients, of what is said", it => Few(it.Egress * 8 / 1e6));
        Row("Mbit/s to clients, of who is here", it => Few(it.PresenceEgress * 8 / 1e6));
        if (isShared)
            Row("**walls behind it**", it => walls.Where(wall => wall.People <= it.People).Select(static wall => Short(wall.Name)).ToList() is { Count: > 0 } behind
                ? string.Join("; ", behind) : walls[0].People is { } first ? $"none; first at {Many(first)}: {Short(walls[0].Name)}" : "none");
        return table.ToString();

        void Row(string what, Func<Plan, string> cell) => table.Append($"| {what} | {string.Join(" | ", plans.Select(cell))} |\n");
    }

    /// <summary>What more nodes don't help against, and with how many people it is reached.</summary>
    public string Walls()
    {
        var table = new StringBuilder("| wall | measured by | reached with | what changes then |\n|---|---|--:|---|\n");
        foreach (var wall in Wall.Of(new Planner(costs, day, machines), machines, costs, day))
            table.Append($"| {wall.Name} | {wall.Limit} | {(wall.People is { } people ? Many(people) : "not reached")} | {wall.Then} |\n");
        return table.ToString();
    }

    /// <summary>The day that is planned for.</summary>
    public string Words() => string.Create(CultureInfo.InvariantCulture, $"""
        Each connected person says {day.MessagesAnHour} messages an hour, is told to be writing {day.TypingAMessage} times for each, loses the connection {day.ReturnsAnHour} time an
        hour, and comes, goes or turns away {day.MovesAnHour} times; {day.MarksAMessage} read marks move for a message; at the busiest moment all of that {day.Peak} times as
        fast. Of what is said, {string.Join(", ", day.Rooms.Select(static it => string.Create(CultureInfo.InvariantCulture, $"{it.Share * 100:0.#}% where {it.Members:N0} are connected")))}: {day.HearersAMessage:0} hear a
        message on average. A node has {machines.Cores} cores, {machines.Gib} GiB and {machines.Mbit} Mbit/s, and `LIMIT_CONNECTIONS` at {machines.Connections:N0}; PostgreSQL has {machines.PostgresCores} cores; of each {machines.Used * 100:0}% may be used.
        """) + "\n";

    static string Short(string name) => name.Split(',')[0];

    /// <summary>A number as one reads it: three digits.</summary>
    public static string Many(double value)
    {
        if (value < 100) return Few(value);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        return (Math.Round(value / unit) * unit).ToString("N0", CultureInfo.InvariantCulture);
    }

    public static string Few(double value) => value switch
    {
        0 => "0",
        < 0.01 => "< 0.01",
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => Many(value),
    };
}
