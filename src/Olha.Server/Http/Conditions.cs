using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>What may be wrong with a server that serves: each part says once how to find out, and <c>/ready</c>, the metrics and the
/// administration tell it.</summary>
internal sealed class Conditions
{
    readonly Lock _gate = new();
    (string Reason, Func<string?> Why)[] _known = [];

    /// <param name="reason">Stable: watchers and alerts match it.</param>
    /// <param name="why">Null when all is well, otherwise what is wrong in one English sentence. Asked at each look: it must be quick, wait for
    /// nothing and not throw.</param>
    public void Add(string reason, Func<string?> why)
    {
        lock (_gate) _known = [.. _known, (reason, why)];
    }

    /// <summary>What is wrong now.</summary>
    public IReadOnlyList<Condition> Now() =>
        [.. Each().Where(static it => it.Why is not null).Select(static it => new Condition(it.Reason, it.Why!))];

    /// <summary>Everything that may be wrong; null: it is not.</summary>
    public IEnumerable<(string Reason, string? Why)> Each() => Volatile.Read(ref _known).Select(static it => (it.Reason, it.Why()));
}
