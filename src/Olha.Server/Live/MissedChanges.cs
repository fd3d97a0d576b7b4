using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Live;

/// <summary>A range of one stream as the database holds it: everything up to <paramref name="Complete"/> is in.</summary>
internal readonly record struct ChangeRange(IReadOnlyList<Change> Changes, long Complete);

/// <summary>The head of one stream as the database holds it.</summary>
internal readonly record struct StreamHead(long Id, long Rev);

/// <summary>Reads what a stream's listeners missed. The nouns that own the streams register how.</summary>
internal sealed class MissedChanges
{
    readonly Dictionary<byte, (ReadRange Range, ReadHeads Heads)> _readers = [];

    /// <summary>Told the id and the revision after which to read.</summary>
    public delegate ValueTask<ChangeRange> ReadRange(long id, long after, CancellationToken ct);

    /// <summary>Told the ids; streams that are gone are left out.</summary>
    public delegate ValueTask<List<StreamHead>> ReadHeads(IReadOnlyCollection<long> ids, CancellationToken ct);

    /// <param name="any">Any topic of the space.</param>
    /// <param name="range">Reads what changed.</param>
    /// <param name="heads">Reads how far streams have come.</param>
    public void Register(TopicId any, ReadRange range, ReadHeads heads) => _readers[any.Space] = (range, heads);

    public ValueTask<ChangeRange> AfterAsync(TopicId topic, long rev, CancellationToken ct) => _readers[topic.Space].Range(topic.Id, rev, ct);

    /// <summary>The heads of streams of any space.</summary>
    public async ValueTask<List<(TopicId Topic, long Head)>> HeadsAsync(IEnumerable<TopicId> topics, CancellationToken ct)
    {
        var heads = new List<(TopicId, long)>();
        foreach (var space in topics.GroupBy(static it => it.Space, static it => it.Id))
            foreach (var (id, rev) in await _readers[space.Key].Heads([.. space], ct)) heads.Add((new TopicId(space.Key, id), rev));
        return heads;
    }
}
