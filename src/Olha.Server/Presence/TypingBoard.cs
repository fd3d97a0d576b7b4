using System.Collections.Concurrent;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Presence;

/// <summary>Who is writing where. Nothing is kept: a frame goes out, and those who hear it forget it after 6 s.</summary>
internal sealed class TypingBoard(Announcer live, Hub hub, TimeProvider clock)
{
    /// <summary>One person's typing in one room is told this often at most.</summary>
    static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(2500);

    /// <summary>In a large room all typing together is told this often at most: nobody reads a hundred names.</summary>
    static readonly TimeSpan s_crowdAgain = TimeSpan.FromMilliseconds(500);
    const int Crowd = 50;
    const int SweepAt = 20_000;

    readonly ConcurrentDictionary<(long RoomId, long UserId), long> _toldAt = new();

    /// <summary>A member of the room is writing.</summary>
    public void Typing(long roomId, long userId)
    {
        if (_toldAt.Count > SweepAt) Sweep();
        if (!Pass((roomId, userId), s_again)) return;
        if (hub.CountOf(Topics.Room(roomId)) > Crowd && !Pass((roomId, 0), s_crowdAgain)) return;
        live.Mention(Topics.Room(roomId), new SomebodyTyping(roomId, userId));
    }

    bool Pass((long, long) key, TimeSpan again)
    {
        var now = clock.GetTimestamp();
        var before = _toldAt.GetOrAdd(key, long.MinValue);
        if (before != long.MinValue && clock.GetElapsedTime(before, now) < again) return false;
        return _toldAt.TryUpdate(key, now, before);
    }

    void Sweep()
    {
        foreach (var (key, at) in _toldAt)
            if (clock.GetElapsedTime(at) > s_again) _toldAt.TryRemove(KeyValuePair.Create(key, at));
    }
}
