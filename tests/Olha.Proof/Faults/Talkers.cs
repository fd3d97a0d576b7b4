using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A few talkers together.</summary>
internal sealed class Talkers : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly IReadOnlyList<Talker> _talkers;
    readonly CancellationTokenSource _enough = new();
    IReadOnlyList<Task> _talking = [];

    Talkers(IReadOnlyList<Talker> talkers) => _talkers = talkers;

    /// <summary>Whether everything that was said so far has its answer.</summary>
    public bool IsAnswered => _talkers.All(static it => it.IsAnswered);

    /// <summary>Makes the accounts.</summary>
    public static async Task<Talkers> GatherAsync(Uri server, int people, Conversation conversation, CancellationToken ct)
    {
        var talkers = new List<Talker>();
        for (var i = 1; i <= people; i++) talkers.Add(await Talker.SignUpAsync(server, $"person{i}", conversation, ct));
        return new(talkers);
    }

    /// <summary>All talk from now on, together at this pace.</summary>
    public void Begin(double perSecond, Func<int, string> words, CancellationToken ct) =>
        _talking = [.. _talkers.Select(it => Task.Run(() => it.TalkAsync(perSecond / _talkers.Count, words, _enough.Token, ct), ct))];

    /// <summary>Nobody says anything new; waits until all that was said is acknowledged.</summary>
    /// <exception cref="ProofException">It is not within a minute.</exception>
    public async Task EndAsync(CancellationToken ct)
    {
        await _enough.CancelAsync();
        // Who broke off would leave the others' end to be waited for.
        await Ground.UntilAsync(() => _talking.All(static it => it.IsCompleted) || _talking.Any(static it => it.IsFaulted), s_patience,
            () => $"everything that was said is acknowledged ({string.Join("; ", _talkers.Select(static it => it.Waits))})", ct);
        foreach (var talking in _talking.OrderByDescending(static it => it.IsFaulted)) await talking;
    }

    public Task<IReadOnlyList<Message>> ReadAsync(CancellationToken ct) => _talkers[0].ReadAsync(ct);

    public void Dispose()
    {
        _enough.Cancel();
        foreach (var talker in _talkers) talker.Dispose();
        _enough.Dispose();
    }
}
