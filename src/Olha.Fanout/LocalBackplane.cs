using System.Collections.Concurrent;

namespace Olha.Fanout;

/// <summary>The backplane of a single node: everything stays in the process.</summary>
public sealed class LocalBackplane(TimeProvider clock) : IBackplane
{
    readonly ConcurrentDictionary<string, ConcurrentDictionary<string, long>> _sets = new();
    Action<Signal>? _receive;

    public void Start(Action<Signal> receive) => _receive = receive;

    public void Publish(Signal signal) => _receive?.Invoke(signal);

    public ValueTask KeepAsync(string set, string member, TimeSpan time)
    {
        _sets.GetOrAdd(set, static _ => new())[member] = (clock.GetUtcNow() + time).ToUnixTimeMilliseconds();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyCollection<string>> MembersAsync(string set)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var members = new List<string>();
        foreach (var (member, until) in _sets.GetOrAdd(set, static _ => new()))
        {
            if (until > now) members.Add(member);
            else _sets[set].TryRemove(KeyValuePair.Create(member, until));
        }
        return ValueTask.FromResult<IReadOnlyCollection<string>>(members);
    }

    public ValueTask DisposeAsync()
    {
        _receive = null;
        return ValueTask.CompletedTask;
    }
}
