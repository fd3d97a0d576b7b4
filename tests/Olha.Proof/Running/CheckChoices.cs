using System.Globalization;

namespace Olha.Proof;

/// <summary>What to check, as it was asked for on the command line.</summary>
/// <param name="Seed">Of the first run; the next ones count on from it.</param>
/// <param name="Runs">How many.</param>
/// <param name="Size">How big the plans are.</param>
internal sealed record CheckChoices(ulong Seed, int Runs, PlanOptions Size)
{
    public const string Usage = """
        check --seed N [--seconds S]   one run of the checker; on red it prints what was broken and the timeline, keeps the plan and shrinks it
              --runs K                 K runs, with the seeds N, N + 1, ...
              --plan FILE              a plan that was kept, instead of one from a seed
              --program FILE           another program than that of this build
              --database URL           on a PostgreSQL server, postgres://user:password@host:port, where each run makes a database of its own
              --people N  --rooms N  --devices N  --rate N      how much, and steps a second
              --faults A,B                                      what strikes the server meanwhile: kill, lock, "bad sync", "no room",
                                                                 backup, restore
              --nodes N                so many nodes, on a PostgreSQL and a Redis of their own; with these more strikes them: "redis kill",
                                       "redis hang", "redis cut off", "redis flush", "redis silent", "postgres kill", "postgres hang",
                                       "postgres cut off", partition, roll
              --redis URL              the nodes on this Redis and on --database, which then are not struck
              --no-shrink              keeps a failing plan as it is
        """;

    /// <summary>The program under test; null: that of this build.</summary>
    public string? Program { get; init; }

    public string? Database { get; init; }

    /// <summary>For several nodes; null: they stand on servers of their own.</summary>
    public string? Redis { get; init; }

    public int Nodes { get; init; } = 1;

    /// <summary>A file with a plan; null: made from the seed.</summary>
    public string? Plan { get; init; }

    public bool Shrink { get; init; } = true;

    /// <returns>Null: it cannot be understood.</returns>
    public static CheckChoices? Read(IReadOnlyList<string> arguments)
    {
        var choices = new CheckChoices(1, 1, new PlanOptions());
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--no-shrink")
            {
                choices = choices with { Shrink = false };
                continue;
            }
            if (i + 1 == arguments.Count) return null;
            var (name, value) = (arguments[i], arguments[++i]);
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var read) && read > 0 ? read : 0;
            var next = name switch
            {
                "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) => choices with { Seed = seed },
                "--seconds" when number > 0 => choices with { Size = choices.Size with { Seconds = number } },
                "--runs" when number > 0 => choices with { Runs = number },
                "--people" when number > 0 => choices with { Size = choices.Size with { People = number } },
                "--rooms" when number > 0 => choices with { Size = choices.Size with { Rooms = number } },
                "--devices" when number > 0 => choices with { Size = choices.Size with { Devices = number } },
                "--rate" when number > 0 => choices with { Size = choices.Size with { Rate = number } },
                "--faults" => choices with { Size = choices.Size with { Faults = value.Split(',') } },
                "--program" => choices with { Program = value },
                "--database" => choices with { Database = value },
                "--redis" => choices with { Redis = value },
                "--nodes" when number > 0 => choices with { Nodes = number },
                "--plan" => choices with { Plan = value },
                _ => null,
            };
            if (next is null) return null;
            choices = next;
        }
        return choices.Size.Devices >= choices.Size.People && (choices.Redis is null || choices.Database is not null) ? choices : null;
    }
}
