namespace Olha.Proof;

/// <summary>Somebody who has an account.</summary>
/// <param name="Id">As the server numbers people.</param>
/// <param name="Name">The user name.</param>
/// <param name="Token">Of a session that all of their devices share.</param>
internal sealed record Actor(long Id, string Name, string Token)
{
    public const string Password = "vento norte 7";
}

/// <summary>What all devices of a run have in common.</summary>
/// <param name="Seed">Of the plan.</param>
/// <param name="Nodes">Where the nodes listen.</param>
/// <param name="Actors">The plan's people, by number.</param>
/// <param name="Rooms">The ids of the plan's rooms, by number.</param>
/// <param name="History">Where everything is written down.</param>
internal sealed record Stage(
    ulong Seed, IReadOnlyList<Uri> Nodes, IReadOnlyList<Actor> Actors, IReadOnlyList<long> Rooms, History History)
{
    /// <summary>By the number of a person, what was acknowledged to any of their devices.</summary>
    public IReadOnlyList<Acknowledged> Acknowledged { get; } = [.. Actors.Select(static _ => new Acknowledged())];
}

/// <summary>What may be asked for again, or contradicted: one person's acknowledged posts, the last ones.</summary>
internal sealed class Acknowledged
{
    const int Most = 64;

    readonly Lock _gate = new();
    readonly Queue<Said> _said = [];

    public void Add(Said said)
    {
        lock (_gate)
        {
            _said.Enqueue(said);
            if (_said.Count > Most) _said.Dequeue();
        }
    }

    /// <summary>One of them; null: there is none yet.</summary>
    public Said? Pick(Seeded chosen)
    {
        lock (_gate) return _said.Count == 0 ? null : _said.ElementAt(chosen.Below(_said.Count));
    }
}

/// <summary>A post as its author means it.</summary>
internal sealed record Said(long RoomId, string Cid, string Body, long? ReplyToSeq);
