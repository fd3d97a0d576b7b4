using System.Globalization;

namespace Olha.Load;

/// <summary>What to do about clusters, as it was asked for on the command line.</summary>
/// <param name="What">b12, b13, simulate or plan.</param>
/// <param name="Rounds">How often each load runs.</param>
/// <param name="Quick">Shows that it works, and no figure worth keeping: what it measures goes to artifacts/bench.</param>
/// <param name="People">Sizes to plan for.</param>
/// <param name="Day">The day to plan for.</param>
internal sealed record ScalingChoices(string What, int Rounds, bool Quick, IReadOnlyList<double> People, Day Day)
{
    public static readonly IReadOnlyList<string> Names = ["b12", "b13", "simulate", "plan"];

    public const string Usage = """
        script/bench b12 [--rounds 3] [--quick]        one node on PostgreSQL without Redis and with it
        script/bench b13 [--rounds 3] [--quick]        what a connection, a delivery and a post cost on one node and on two
        script/bench simulate [--quick]                many nodes on one Redis
        script/bench plan [--connections N] [--posts-per-second N] [--messages-an-hour 6] [--peak 3] [--typing 2] [--marks 2]
                          [--returns-an-hour 1] [--moves-an-hour 6]     what a cluster needs, from what was measured
        """;

    public static bool TryRead(string[] args, out ScalingChoices choices, out string problem)
    {
        choices = new ScalingChoices(args[0], 3, false, PlanTables.Sizes, Day.Usual);
        double? posts = null;
        for (var i = 1; i < args.Length; i++)
        {
            problem = $"what is {args[i]}?";
            if (args[i] == "--quick")
            {
                choices = choices with { Quick = true, Rounds = 1 };
                continue;
            }
            if (i + 1 == args.Length || !double.TryParse(args[i + 1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value <= 0) return false;
            var day = choices.Day;
            switch (args[i++])
            {
                case "--rounds" when value >= 1: choices = choices with { Rounds = (int)value }; break;
                case "--connections": choices = choices with { People = [value] }; break;
                case "--posts-per-second": posts = value; break;
                case "--messages-an-hour": choices = choices with { Day = day with { MessagesAnHour = value } }; break;
                case "--peak": choices = choices with { Day = day with { Peak = value } }; break;
                case "--typing": choices = choices with { Day = day with { TypingAMessage = value } }; break;
                case "--marks": choices = choices with { Day = day with { MarksAMessage = value } }; break;
                case "--returns-an-hour": choices = choices with { Day = day with { ReturnsAnHour = value } }; break;
                case "--moves-an-hour": choices = choices with { Day = day with { MovesAnHour = value } }; break;
                default: return false;
            }
        }
        problem = "";
        if (posts is null) return true;
        problem = "--posts-per-second needs --connections.";
        if (choices.People.Count != 1) return false;
        choices = choices with { Day = choices.Day with { MessagesAnHour = posts.Value * 3600 / choices.People[0] / choices.Day.Peak } };
        return true;
    }
}
