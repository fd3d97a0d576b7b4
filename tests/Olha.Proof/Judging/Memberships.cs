using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A time in which somebody was in a room.</summary>
/// <param name="FromRev">The room's revision with which it began.</param>
/// <param name="ToRev">The revision with which it ended; never, when it did not.</param>
/// <param name="From">It cannot have begun before this time.</param>
/// <param name="Until">By this time it had ended.</param>
/// <param name="FromSeq">The line that tells the beginning; 0: there is none.</param>
/// <param name="ToSeq">The line that tells the end; never, when it did not end.</param>
internal sealed record Stay(long FromRev, long ToRev, long From, long Until, long FromSeq, long ToSeq)
{
    public bool Has(long rev) => rev >= FromRev && rev < ToRev;
}

/// <summary>Who was in which room when, by the lines that the room itself keeps of it: they never change, and each takes the revision behind
/// that of the membership that it tells. Only the times come from who asked for it and who saw it.</summary>
internal sealed class Memberships
{
    readonly Dictionary<(long RoomId, long PersonId), List<Stay>> _stays = [];

    public Memberships(Evidence seen)
    {
        var lines = seen.Run.Truth.Messages.Where(static row => row.Form.System is not null)
            .Select(static row => (row.RoomId, row.Seq, row.Rev, Line: row.Form.System!))
            .Where(static line => line.Line.UserId is not null)
            .OrderBy(static line => line.Seq);
        foreach (var group in lines.GroupBy(static line => (line.RoomId, PersonId: line.Line.UserId!.Value)))
        {
            var stays = _stays[group.Key] = [];
            var notBefore = long.MinValue;
            foreach (var (roomId, seq, rev, line) in group)
            {
                var asked = Candidates(seen, roomId, group.Key.PersonId, line.Event, notBefore, seen.Reached(roomId, rev - 1));
                notBefore = asked.Count == 0 ? notBefore : asked.Min(static deed => deed.Began);
                if (line.Event is SystemEvent.Joined or SystemEvent.Invited)
                    stays.Add(new Stay(rev - 1, long.MaxValue, notBefore, long.MaxValue, seq, long.MaxValue));
                else if (line.Event is SystemEvent.Left or SystemEvent.Removed && stays.Count > 0)
                    stays[^1] = stays[^1] with
                    {
                        ToRev = rev - 1,
                        ToSeq = seq,
                        Until = Math.Min(
                            seen.Reached(roomId, rev - 1), asked.Count == 0 ? long.MaxValue : asked.Max(static deed => deed.Happened)),
                    };
            }
        }
        // Whom nobody has told of: who is in it all the same has been since their membership got its form.
        foreach (var membership in seen.Run.Truth.Memberships.Where(static membership => membership.Joined))
            if (!_stays.ContainsKey((membership.RoomId, membership.UserId)))
                _stays[(membership.RoomId, membership.UserId)] =
                    [new Stay(membership.Form.Rev, long.MaxValue, long.MinValue, long.MaxValue, 0, long.MaxValue)];
    }

    /// <summary>By revision; empty: they never were in it.</summary>
    public IReadOnlyList<Stay> Of(long roomId, long personId) => _stays.GetValueOrDefault((roomId, personId)) ?? [];

    // Who wanted this: of several nobody can say which one it was, so the earliest counts, of those that had not ended before what came before
    // and had begun when somebody saw what came of it.
    static List<Deed> Candidates(Evidence seen, long roomId, long personId, SystemEvent how, long notBefore, long doneBy) =>
    [
        .. seen.Deeds.Where(deed => deed.RoomId == roomId && !deed.AllRefused && deed.Happened >= notBefore && deed.Began <= doneBy && how switch
        {
            SystemEvent.Joined => deed.Act == Act.Join && deed.PersonId == personId,
            SystemEvent.Left => deed.Act == Act.Leave && deed.PersonId == personId,
            SystemEvent.Invited => deed.Act == Act.Invite && deed.UserId == personId,
            SystemEvent.Removed => deed.Act == Act.Remove && deed.UserId == personId,
            _ => false,
        }),
    ];
}
