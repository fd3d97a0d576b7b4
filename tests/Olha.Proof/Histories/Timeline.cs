using System.Globalization;
using System.Text;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What matters of a history for one violation, as columns that a person reads: when, who, which way, what.</summary>
internal sealed class Timeline
{
    /// <summary>So many lines are understood at a glance.</summary>
    const int Most = 40;

    readonly Run _run;
    readonly Violation _violation;
    readonly EntryWords _words;
    readonly Dictionary<int, Asked> _asked;
    readonly Dictionary<int, long> _seqs; // by operation, the message that came of it

    Timeline(Run run, Violation violation)
    {
        (_run, _violation) = (run, violation);
        _asked = run.Entries.OfType<Asked>().GroupBy(static asked => asked.Op).ToDictionary(static it => it.Key, static it => it.First());
        _seqs = run.Entries.OfType<Answered>().Where(static answer => answer.Ack is not null)
            .GroupBy(static answer => answer.Op).ToDictionary(static it => it.Key, static it => it.First().Ack!.Seq);
        _words = new EntryWords(run, _asked, violation.RoomId);
    }

    /// <summary>The sentence, and below it the few dozen entries that matter, by time.</summary>
    public static string Of(Run run, Violation violation) => new Timeline(run, violation).Print();

    string Print()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"I{_violation.Invariant}: {_violation.Said}\n");
        if (_violation.RoomId is { } roomId)
            text.Append(CultureInfo.InvariantCulture, $"room {roomId} is number {_run.Rooms.ToList().IndexOf(roomId)} of the plan\n");
        text.Append('\n');
        var chosen = Chosen();
        var who = chosen.Select(_words.Who).Append("who").Max(static it => it.Length);
        text.Append(CultureInfo.InvariantCulture, $"{"ms",10}  {"who".PadRight(who)}  \n");
        foreach (var entry in chosen)
            text.Append(CultureInfo.InvariantCulture, $"{entry.At / 1000.0,10:0.0}  {_words.Who(entry).PadRight(who)}  {EntryWords.Arrow(entry)} {_words.Of(entry)}\n");
        return text.ToString();
    }

    List<Entry> Chosen()
    {
        var matters = _run.Entries.Where(Matters).ToList();
        var around = _violation.At ?? matters.LastOrDefault(static entry => entry is not Happened)?.At ?? 0;
        var nearest = matters.OrderBy(entry => Math.Abs(entry.At - around)).Take(Most).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. matters.Where(nearest.Contains)];
    }

    bool Matters(Entry entry)
    {
        if (entry is Happened) return true;
        var own = entry.Device == _violation.Device;
        if (entry is Opened or Closed) return own;
        if (_violation.RoomId is not { } roomId) return own || _violation.Device is null;
        if (!RoomsOf(entry).Contains(roomId)) return false;
        if (_violation.Seq is { } seq && SeqsOf(entry).Contains(seq)) return true;
        // Of the others what they did, not what they heard; and where one message is meant, only what the device itself went through.
        if (own) return _violation.Seq is null || entry is Heard { Frame: Welcome or RoomChanges or Behind or PlaceChange };
        return _violation.Seq is null && entry is Asked or Answered;
    }

    IEnumerable<long> RoomsOf(Entry entry) => entry switch
    {
        Asked asked => [asked.RoomId],
        Answered answered => _asked.TryGetValue(answered.Op, out var asked) ? [asked.RoomId] : [],
        Fetched { RoomId: > 0 } fetched => [fetched.RoomId],
        Fetched { Answer: StreamChanges changes } => changes.Changes.SelectMany(RoomsIn),
        Heard heard => RoomsIn(heard.Frame),
        _ => [],
    };

    IEnumerable<long> RoomsIn(object what) => what switch
    {
        MessageChange it => [it.RoomId],
        MemberChange it => [it.RoomId],
        RoomChange it => [it.RoomId],
        PlaceChange it => [it.Place.RoomId],
        RoomChanges it => [it.RoomId],
        Behind it => [it.RoomId],
        SomebodyTyping it => [it.RoomId],
        Ping { Heads.Rooms: { } rooms } => rooms.Keys,
        Welcome it => it.Rooms.Select(static place => place.RoomId),
        OriginalFrame => [_run.Rooms[0]],
        _ => [],
    };

    IEnumerable<long> SeqsOf(Entry entry) => entry switch
    {
        Asked asked => _seqs.TryGetValue(asked.Op, out var seq) ? [seq] : asked.Seq is { } target ? [target] : [],
        Answered answered => answered.Ack is { } ack ? [ack.Seq]
            : answered.Message is { } message ? [message.Seq]
            : _asked.TryGetValue(answered.Op, out var asked) ? SeqsOf(asked) : [],
        Heard { Frame: MessageChange it } => [it.Message.Seq],
        Heard { Frame: RoomChanges it } => SeqsIn(it),
        Heard { Frame: OriginalFrame it } => _run.Truth.Messages
            .Where(row => row.RoomId == _run.Rooms[0] && row.Form.Body == it.Content).Select(static row => row.Seq),
        Fetched { Answer: RoomChanges it } => SeqsIn(it),
        Fetched { Answer: MessagePage it } => it.Messages.Select(static message => message.Seq),
        Fetched { Answer: Message it } => [it.Seq],
        _ => [],
    };

    static IEnumerable<long> SeqsIn(RoomChanges changes) => changes.Changes.OfType<MessageChange>().Select(static it => it.Message.Seq);
}
