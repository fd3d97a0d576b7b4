using System.Globalization;

namespace Olha.Load;

/// <summary>What to do, as it was asked for on the command line.</summary>
/// <param name="Workloads">Which workloads; empty: all.</param>
/// <param name="Rounds">How often each runs at each door.</param>
/// <param name="Quick">Seconds instead of minutes: shows that the bench works, and no figure worth keeping.</param>
/// <param name="Ours">Only the floor and our doors, not the peers.</param>
/// <param name="Seed">Only prepare this data; null: measure.</param>
internal sealed record Choices(IReadOnlyList<string> Workloads, int Rounds, bool Quick, bool Ours, SeedPlan? Seed)
{
    public const string Usage = """
        script/bench                     all workloads, three rounds; renews bench/results/
        script/bench b1 b2               some of them; the report goes to artifacts/bench/
        script/bench --rounds 5 ...      more rounds
        script/bench --ours ...          without the peers
        script/bench --quick ...         one short round: does it work?
        script/bench seed FOLDER PEOPLE [ROOMS OF]
                                         only prepare a database: PEOPLE signed in and in General, and ROOMS more rooms
                                         of OF members each
        """;

    /// <summary>Whether the figures are those of the repository.</summary>
    public bool Renews => Workloads.Count == 0 && !Quick && !Ours && Rounds >= 3;

    public static bool TryRead(string[] args, out Choices choices, out string problem)
    {
        choices = new Choices([], 3, false, false, null);
        problem = "";
        if (args is ["seed", .. var plan]) return TryReadSeed(plan, ref choices, out problem);

        var workloads = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick") choices = choices with { Quick = true, Rounds = 1 };
            else if (args[i] == "--ours") choices = choices with { Ours = true };
            else if (args[i] == "--rounds" && i + 1 < args.Length && TryRead(args[i + 1], out var rounds)) choices = choices with { Rounds = rounds };
            else if (Load.Workloads.Names.Contains(args[i])) workloads.Add(args[i]);
            else
            {
                problem = $"what is {args[i]}? The workloads are {string.Join(", ", Load.Workloads.Names)}.";
                return false;
            }
            if (args[i] == "--rounds") i++;
        }
        choices = choices with { Workloads = workloads };
        return true;
    }

    static bool TryReadSeed(string[] plan, ref Choices choices, out string problem)
    {
        problem = "seed wants a folder, how many people, and perhaps how many rooms of how many.";
        var (rooms, of) = (0, 0);
        if (plan.Length is not (2 or 4) || !TryRead(plan[1], out var people)
            || (plan.Length == 4 && !(TryRead(plan[2], out rooms) && TryRead(plan[3], out of)))) return false;
        if ((long)rooms * of > people)
        {
            problem = "a person is in one room besides General at most: there are too few people for these rooms.";
            return false;
        }
        choices = choices with { Seed = new SeedPlan(plan[0], people, rooms, of) { Address = Environment.GetEnvironmentVariable("DATABASE_URL") } };
        return true;
    }

    static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
