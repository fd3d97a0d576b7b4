namespace Olha.Proof.Tests;

/// <summary>A failing plan becomes one that a person can follow. The server's part is played by a rule over the plan.</summary>
public sealed class ShrinkerTests
{
    static readonly IReadOnlyList<Violation> s_red = [new(3, "a post was never answered")];

    [Fact]
    public async Task Three_steps_out_of_two_hundred_are_found()
    {
        var runs = 0;
        var told = new List<string>();

        var least = await Shrinker.ShrinkAsync(
            Big(), 3, plan =>
            {
                runs++;
                return Task.FromResult(IsRed(plan) ? s_red : []);
            },
            new ShrinkOptions(1, TimeSpan.FromMinutes(1), told.Add));

        Assert.True(IsRed(least));
        Assert.Equal([Act.Post, Act.Cut, Act.Read], least.Steps.Select(static step => step.Act));
        Assert.Equal(2, least.Devices.Count);
        Assert.Equal((2, 3), (least.People, least.Rooms)); // The room's own number is part of what fails.
        Assert.All(least.Steps, static step => Assert.InRange(step.At, 0, 1));
        Assert.InRange(runs, 10, 200);
        Assert.Contains("3 steps of 2 devices, 2 people and 3 rooms are left", told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_only_now_and_then_is_tried_again_before_it_counts_as_clean()
    {
        var runs = 0;

        var least = await Shrinker.ShrinkAsync(
            Big(), 3, plan => Task.FromResult(IsRed(plan) && ++runs % 3 == 0 ? s_red : []), new ShrinkOptions(3, TimeSpan.FromMinutes(1), static _ => { }));

        Assert.Equal(3, least.Steps.Count);
    }

    [Fact]
    public async Task Another_invariant_that_breaks_on_the_way_is_not_followed()
    {
        // Smaller ones break something, but something else.
        var least = await Shrinker.ShrinkAsync(
            Big(), 3, static _ => Task.FromResult<IReadOnlyList<Violation>>([new(5, "another order")]),
            new ShrinkOptions(1, TimeSpan.FromMinutes(1), static _ => { }));

        Assert.Equal(PlanJson.Write(Big()), PlanJson.Write(least));
    }

    [Fact]
    public async Task When_the_time_is_over_the_least_so_far_is_kept()
    {
        var runs = 0;

        var least = await Shrinker.ShrinkAsync(
            Big(), 3, _ =>
            {
                runs++;
                return Task.FromResult(s_red);
            },
            new ShrinkOptions(1, TimeSpan.Zero, static _ => { }));

        Assert.Equal(0, runs);
        Assert.Equal(PlanJson.Write(Big()), PlanJson.Write(least));
    }

    [Fact]
    public void Who_comes_behind_a_person_taken_out_moves_up_wherever_they_are_named()
    {
        var plan = new Plan(
            1, 3, 2, [new DevicePlan(0, Door.Socket), new DevicePlan(2, Door.Http)],
            [new Step(0, 0, Act.Invite, 1, 2), new Step(1, 1, Act.Edit, 1, 2)]);

        var without = PlanParts.WithoutPerson(plan, 1);

        Assert.False(PlanParts.Uses(plan, 1));
        Assert.Equal([0, 1], without.Devices.Select(static device => device.Person));
        Assert.Equal([1, 2], without.Steps.Select(static step => step.Target)); // An edit's target is a message.
    }

    // Red: device of person 1 posts in room 2, somebody is cut later, and room 2 is read after that.
    static bool IsRed(Plan plan)
    {
        var post = plan.Steps.ToList().FindIndex(step => step.Act == Act.Post && step.Room == 2 && plan.Devices[step.Device].Door == Door.Http);
        var cut = post < 0 ? -1 : plan.Steps.ToList().FindIndex(post, step => step.Act == Act.Cut && plan.Devices[step.Device].Door == Door.Socket);
        return cut >= 0 && plan.Steps.Skip(cut).Any(static step => step is { Act: Act.Read, Room: 2 });
    }

    static Plan Big()
    {
        var devices = Enumerable.Range(0, 8).Select(static number => new DevicePlan(number % 5, number == 4 ? Door.Http : Door.Socket)).ToArray();
        var steps = Enumerable.Range(0, 200).Select(static at => new Step(
            at * 40, at == 30 ? 4 : at % 4, at switch { 30 => Act.Post, 90 => Act.Cut, 150 => Act.Read, _ => Act.React }, at is 30 or 150 ? 2 : at % 5)).ToList();
        steps.Add(new Step(8000, -1, Act.Fault, Text: "kill"));
        return new Plan(7, 5, 6, devices, steps);
    }
}
