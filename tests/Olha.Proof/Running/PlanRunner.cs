using Olha.Testing;

namespace Olha.Proof;

/// <summary>How a plan is run.</summary>
/// <param name="Program">The program under test.</param>
/// <param name="ReadTruth">Reads what the database holds: a SQLite file, or a PostgreSQL's address.</param>
internal sealed record RunOptions(IReadOnlyList<string> Program, Func<string, CancellationToken, Task<Truth>> ReadTruth)
{
    /// <summary><c>postgres://…</c> of an empty database; null: SQLite.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>For more than one node.</summary>
    public string? RedisUrl { get; init; }

    /// <summary>What the nodes stand on, in the place of both addresses; null: nothing that can be struck.</summary>
    public ClusterGround? Ground { get; init; }

    public int Nodes { get; init; } = 1;

    public IReadOnlyList<IFault> Faults { get; init; } = [];

    /// <summary>So long after all is healed, and the last answer has come, everybody must have their answers and hold what there is.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For so long frames may come to who was removed elsewhere; see <see cref="Run.RevocationLag"/>.</summary>
    public TimeSpan RevocationLag { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Set for the nodes, over what they have anyway.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Set for one node, over those.</summary>
    public Func<int, IReadOnlyDictionary<string, string>>? VariablesOf { get; init; }
}

/// <summary>What came of a run.</summary>
/// <param name="Run">For the judge.</param>
/// <param name="Cuts">How often lines were cut on purpose.</param>
/// <param name="Complained">What the nodes wrote to their logs at level warning and above.</param>
internal sealed record Ran(Run Run, int Cuts, string Complained);

/// <summary>Runs a plan against the real program, and gathers what the judge needs.</summary>
internal static class PlanRunner
{
    /// <exception cref="ProofException">The run could not be made; says nothing about the server's promises.</exception>
    public static async Task<Ran> RunAsync(Plan plan, RunOptions options, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("olha-proof-").FullName;
        var nodes = new List<Node>();
        try
        {
            for (var number = 0; number < options.Nodes; number++) nodes.Add(new Node(NodeOf(number, folder, options)));
            // All at once: who comes second to an empty database waits for its tables.
            await Task.WhenAll(nodes.Select(node => node.StartAsync(ct)));
            return await RunAsync(plan, options, nodes, Path.Combine(folder, "0", "olha.db"), ct);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<Ran> RunAsync(Plan plan, RunOptions options, List<Node> nodes, string file, CancellationToken ct)
    {
        var addresses = nodes.ConvertAll(static node => node.Address);
        var stage = await Setting.SetAsync(plan, addresses, new History(), ct);
        var devices = plan.Devices.Select((device, number) => DeviceOf(number, device, stage)).ToArray();
        try
        {
            var world = new World(nodes, [.. devices.Select(static it => it.Lines)], stage.History, Seeded.For(plan.Seed, -2), options.Ground);
            await Task.WhenAll(devices.Select(it => it.StartAsync(ct)));
            await DoAsync(plan, devices, options.Faults, world, ct);
            await world.HealAsync(ct);
            var end = await Ending.ReadAsync(devices, stage, token => options.ReadTruth(options.Ground?.DatabaseUrl ?? options.DatabaseUrl ?? file, token), options.AnswerWithin, ct);
            foreach (var device in devices) await device.DisposeAsync();
            var run = new Run(
                plan, [.. stage.Actors.Select(static it => it.Id)], stage.Rooms, stage.History.Entries, end.Held, end.Truth, end.Served,
                nodes.Count == 1 ? TimeSpan.Zero : options.RevocationLag)
            { Unfinished = end.Unfinished };
            return new Ran(run, devices.Sum(static it => it.Lines.Cuts), string.Concat(nodes.Select(static node => node.Complained)));
        }
        finally
        {
            foreach (var device in devices) await device.DisposeAsync();
        }
    }

    // The devices' steps each in a row of its own; faults as they come.
    static async Task DoAsync(Plan plan, Device[] devices, IReadOnlyList<IFault> faults, World world, CancellationToken ct)
    {
        var began = world.History.Now;
        world.Tell("the first step");
        await Task.WhenAll(plan.Steps.GroupBy(static step => step.Device).Select(row => Task.Run(async () =>
        {
            var striking = new List<Task>();
            foreach (var step in row)
            {
                var left = step.At - ((world.History.Now - began) / 1000);
                if (left > 0) await Task.Delay((int)left, ct);
                if (step.Act == Act.Fault) striking.Add(StrikeAsync(step.Text!, faults, world, ct));
                else await devices[step.Device].DoAsync(step, ct);
            }
            await Task.WhenAll(striking);
        }, ct)));
        world.Tell("the last step");
    }

    static async Task StrikeAsync(string name, IReadOnlyList<IFault> faults, World world, CancellationToken ct)
    {
        var fault = faults.FirstOrDefault(it => it.Name == name) ?? throw new ProofException($"There is no fault called {name}.");
        world.Tell($"{name} begins");
        await fault.RunAsync(world, ct);
        world.Tell($"{name} is over");
    }

    static Device DeviceOf(int number, DevicePlan plan, Stage stage) => plan.Door switch
    {
        Door.Socket => new SocketDevice(number, plan, stage),
        Door.Http => new HttpDevice(number, plan, stage),
        _ => new OriginalDevice(number, plan, stage),
    };

    static NodeOptions NodeOf(int number, string folder, RunOptions options)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, $"{number}")).FullName;
        var node = NodeOptions.Plain(
            options.Program, own, Ports.Free(), options.Ground?.DatabaseUrlOf(number) ?? options.DatabaseUrl, options.Ground?.RedisUrlOf(number) ?? options.RedisUrl);
        return node with { Variables = node.Variables.Concat(options.Variables).Concat(options.VariablesOf?.Invoke(number) ?? new Dictionary<string, string>()).GroupBy(static it => it.Key).ToDictionary(static it => it.Key, static it => it.Last().Value) };
    }
}
