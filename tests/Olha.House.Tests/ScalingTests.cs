using Olha.Load;

namespace Olha.House.Tests;

/// <summary>docs/scaling.md says what was measured and what follows from it. That the page is what script/generate would write, FileTests see.</summary>
public sealed class ScalingTests
{
    static readonly Measurements s_measured = Measurements.Read(Workbench.Results);
    static readonly Costs s_costs = Costs.From(s_measured);

    static Planner Planner(Costs costs) => new(costs, Day.Usual, Machines.Usual);

    [Fact]
    public void The_page_says_what_the_planner_prints()
    {
        var (page, tables) = (Repository.Read(ScalingDocs.Path), new PlanTables(s_costs, Day.Usual, Machines.Usual));

        Assert.Contains(tables.Plans(PlanTables.Sizes, isShared: true), page);
        Assert.Contains(tables.Walls(), page);
    }

    [Fact]
    public void A_figure_that_was_changed_by_hand_is_put_right()
    {
        var page = Repository.Read(ScalingDocs.Path);
        var wall = Wall.Of(Planner(s_costs), Machines.Usual, s_costs, Day.Usual)[0];

        Assert.Equal(page, ScalingDocs.Render(page.Replace($"| {PlanTables.Many(wall.People!.Value)} |", "| never |"), s_measured));
        Assert.NotEqual(page, page.Replace($"| {PlanTables.Many(wall.People!.Value)} |", "| never |"));
    }

    [Fact]
    public void Figures_that_nobody_knows_are_refused() =>
        Assert.Throws<BenchException>(() => ScalingDocs.Render("<!-- figures: hopes -->\n<!-- end -->", s_measured));

    [Fact]
    public void Costs_that_explain_what_was_measured_are_found_again()
    {
        var (x, z) = Fit.Of([(2, 1, 2 * 3 + 5), (8, 1, 8 * 3 + 5), (64, 1, 64 * 3 + 5)]);

        Assert.Equal((3, 5), (Math.Round(x, 6), Math.Round(z, 6)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 4)]
    [InlineData(4, 12)]
    [InlineData(32, 214)]
    [InlineData(64, 438)]
    public void Between_sizes_and_beyond_them_it_goes_straight_on(double size, double expected) => Assert.Equal(expected, new Curve([(2, 4), (6, 20), (8, 46), (16, 102)]).At(size));

    [Fact]
    public void No_cost_is_below_nothing() => Assert.Equal(0, Fit.Of([(2, 1, 1), (8, 1, 10), (64, 1, 100)]).Z);

    // What a busy machine measured is preliminary, and the page says so.
    [Fact]
    public void The_model_says_what_was_measured_of_loads_that_it_was_not_fitted_on()
    {
        var times = s_measured.Costs!.IsQuiet && s_measured.Simulation!.IsQuiet ? 2 : 10;
        foreach (var (what, predicted, measured) in PlanCheck.Of(s_costs, s_measured))
            Assert.True(predicted > measured / times && predicted < measured * times, $"{what}: predicted {predicted}, measured {measured}");
    }

    [Fact]
    public void More_people_need_more_of_everything()
    {
        var plans = ((double[])[1000, 5000, 20_000, 80_000, 150_000]).Select(Planner(s_costs).For).ToList();

        foreach (var (fewer, more) in plans.Zip(plans.Skip(1)))
        {
            Assert.True(fewer.Nodes <= more.Nodes, $"{fewer.People}: {fewer.Nodes} nodes, {more.People}: {more.Nodes}");
            Assert.True(fewer.RedisCores <= more.RedisCores && fewer.PostgresCores < more.PostgresCores && fewer.Egress < more.Egress);
        }
    }

    [Fact]
    public void What_costs_more_needs_more_nodes_and_reaches_its_wall_earlier()
    {
        var dear = s_costs with { NodeDelivery = 20 * s_costs.NodeDelivery, FullHint = s_costs.FullHint.Times(10), RedisMember = 10 * s_costs.RedisMember };

        Assert.True(Planner(dear).For(100_000).Nodes > Planner(s_costs).For(100_000).Nodes);
        Assert.True(Redis(dear) < Redis(s_costs));

        static double? Redis(Costs costs) =>
            Wall.Of(Planner(costs), Machines.Usual, costs, Day.Usual).Single(it => it.Name.StartsWith("Redis", StringComparison.Ordinal)).People;
    }

    [Fact]
    public void Where_no_number_of_nodes_is_enough_the_table_says_so()
    {
        var impossible = s_costs with { NodeMember = 1000 };

        Assert.Null(Planner(impossible).For(1_000_000).Nodes);
        Assert.Contains("**none suffice**", new PlanTables(impossible, Day.Usual, Machines.Usual).Plans([1_000_000], isShared: true));
    }

    [Fact]
    public void One_connection_more_than_a_node_takes_needs_another_node()
    {
        var free = s_costs with
        {
            NodeConnection = 0,
            NodePost = 0,
            NodeDelivery = 0,
            NodeTaken = 0,
            NodeDropped = 0,
            NodeReturn = 0,
            NodeMember = 0,
            BytesDelivery = 0,
            KbConnection = 0,
        };
        var most = Machines.Usual.Connections * Machines.Usual.Used;
        var quiet = new Planner(free, Day.Usual with { MovesAnHour = 0, ReturnsAnHour = 0 }, Machines.Usual);

        Assert.Equal(1, quiet.For(most).Nodes);
        Assert.Equal((2, "connections"), (quiet.For(most + 1).Nodes, quiet.For(most + 1).DecidedBy));
    }

    [Theory]
    [InlineData("b12 --rounds 5", null)]
    [InlineData("plan --connections 200000 --posts-per-second 400", null)]
    [InlineData("plan --posts-per-second 400", "--posts-per-second needs --connections.")]
    [InlineData("plan --connections many", "what is --connections?")]
    [InlineData("simulate --nodes 3", "what is --nodes?")]
    public void What_is_asked_for_is_understood_or_refused(string line, string? refused)
    {
        var isRead = ScalingChoices.TryRead(line.Split(' '), out var choices, out var problem);

        Assert.Equal(refused, isRead ? null : problem);
        if (line.Contains("connections 200000")) Assert.Equal(400, choices.Day.PostsASecond(choices.People[0]), 6);
    }
}
