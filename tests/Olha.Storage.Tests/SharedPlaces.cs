namespace Olha.Storage.Tests;

/// <summary>What units that say something one after another share: the next places, counted here and written once.</summary>
internal sealed class SharedPlaces : IShared
{
    const string Head = "SELECT last_seq FROM rooms WHERE id = @room";
    const string SetHead = "UPDATE rooms SET last_seq = @seq WHERE id = @room";

    readonly Dictionary<long, long> _heads = [];
    readonly HashSet<long> _unwritten = [];

    public async ValueTask<long> NextAsync(Transaction tx, long room)
    {
        if (!_heads.TryGetValue(room, out var head)) _heads[room] = head = await tx.ScalarAsync<long>(Head, ("@room", room));
        return head + 1;
    }

    public void Taken(long room, long seq)
    {
        _heads[room] = seq;
        _unwritten.Add(room);
    }

    public async ValueTask SettleAsync(Transaction tx)
    {
        foreach (var room in _unwritten) await tx.ExecuteAsync(SetHead, ("@room", room), ("@seq", _heads[room]));
        _unwritten.Clear();
    }
}
