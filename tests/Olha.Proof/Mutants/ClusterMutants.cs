namespace Olha.Proof;

/// <summary>Faults of what goes from one node to another.</summary>
internal static class ClusterMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("heads-not-compared",
            "What is lost on its way between the nodes is not looked for: a last change, after which nothing comes, stays unheard.",
            Invariant: 2, Showing.LostHints,
            [
                new("Olha.Server/Live/HeadsWatch.cs",
                    "if (served.Count == 0) return;",
                    "if ($on || served.Count == 0) return;"),
            ]),

        new("gaps-not-read",
            "What is missing before a change of another node is waited for, and never read.",
            Invariant: 2, Showing.LostHints,
            [
                new("Olha.Server/Live/Delivery.cs",
                    "if (stream.Filling) return;",
                    "if ($on || stream.Filling) return;"),
            ]),

        new("places-of-elsewhere-ignored",
            "Who is taken into a room, or sent out of it, on another node hears of it, but begins to hear the room only when they connect again.",
            Invariant: 2, Showing.TwoNodes,
            [
                new("Olha.Server/Live/Delivery.cs",
                    "if (change is not { Place: var place }) return;",
                    "if ($on || change is not { Place: var place }) return;"),
            ]),
    ];
}
