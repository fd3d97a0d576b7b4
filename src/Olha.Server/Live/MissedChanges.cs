using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Live;

/// <summary>A range of one stream as the database holds it: everything up to <paramref name="Complete"/> is in.</summary>
internal readonly record struct ChangeRange(IReadOnlyList<Change> Changes, long Complete);

/// <summary>Reads what a stream's listeners missed. The nouns that own the streams register how.</summary>
internal sealed class MissedChanges
{
    readonly Dictionary<byte, Func<long, long, CancellationToken, ValueTask<ChangeRange>>> _readers = [];

    /// <param name="any">Any topic of the space.</param>
    /// <param name="read">Told the id and the revision after which to read.</param>
    public void Register(TopicId any, Func<long, long, CancellationToken, ValueTask<ChangeRange>> read) => _readers[any.Space] = read;

    public ValueTask<ChangeRange> AfterAsync(TopicId topic, long rev, CancellationToken ct) => _readers[topic.Space](topic.Id, rev, ct);
}
