using System.Collections.Concurrent;

namespace Olha.Fanout;

/// <summary>The backplane of a single node: everything stays in the process.</summary>
public sealed class LocalBackplane(TimeProvider clock) : IBackplane
{
    readonly ConcurrentDictionary<string, ConcurrentDictionary<long, long>> _sets = new();
    Action<Signal>? _receive;

    public Hearing Hearing => Hearing.Alone;

    public Carrier Carrier => Carrier.Memory;

    /// <summary>Never raised.</summary>
    public event Action<TimeSpan>? CameBack
    {
        add { }
        remove { }
    }

    /// <summary>Never raised.</summary>
    public event Action? HearingChanged
    {
        add { }
        remove { }
    }

    public void Start(Func<TopicId, bool> isWanted, Action<Signal> receive) => _receive = receive;

    public void Publish(Signal signal)
    {
        if (!signal.IsForOthers) _receive?.Invoke(signal);
    }

    public ValueTask KeepAsync(string set, long member, TimeSpan time)
    {
        _sets.GetOrAdd(set, static _ => new())[member] = (clock.GetUtcNow() + time).ToUnixTimeMilliseconds();
        return ValueTask.CompletedTask;
    }

    public ValueTask MembersAsync(string set, ICollection<long> into)
    {
        var members = _sets.GetOrAdd(set, static _ => new());
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (member, until) in members)
        {
            if (until > now) into.Add(member);
            else members.TryRemove(KeyValuePair.Create(member, until));
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _receive = null;
        return ValueTask.CompletedTask;
    }
}
