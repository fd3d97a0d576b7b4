using Olha.Protocol;

namespace Olha.Proof;

/// <summary>I2: what is at one revision is the same for everybody, what comes over a connection rises and skips only what was superseded, and
/// in the end everybody holds what the database holds.</summary>
internal static class StreamsWhole
{
    public static IEnumerable<Violation> Check(Evidence seen) =>
        OneFormARevision(seen).Concat(WireOrder.Check(seen)).Concat(Gaps(seen)).Concat(StoredState.Check(seen)).Concat(FinalState.Check(seen));

    static IEnumerable<Violation> OneFormARevision(Evidence seen)
    {
        var first = new Dictionary<(long RoomId, long Rev), Form>();
        var told = new HashSet<(long RoomId, long Rev)>();
        foreach (var form in seen.Forms)
        {
            var key = (form.Thing.RoomId, form.Rev);
            if (first.TryAdd(key, form) || (first[key].Text == form.Text && first[key].Thing == form.Thing) || !told.Add(key)) continue;
            var other = first[key];
            var what = other.Thing == form.Thing
                ? $"of {form.Thing} differ in {Form.Difference(other.Text, form.Text)}"
                : $"are of two things: {other.Thing} and {form.Thing}";
            yield return new Violation(
                2, $"two forms at revision {form.Rev} of room {key.RoomId} {what} ({Where(other)}; {Where(form)})", key.RoomId,
                form.Message?.Seq, form.Device >= 0 ? form.Device : null, form.At == long.MaxValue ? null : form.At);
        }
    }

    // Whoever says "complete up to here" has left out only what was superseded: whatever has a form in the range stands in it, unless it had
    // another one since, behind the range.
    static IEnumerable<Violation> Gaps(Evidence seen)
    {
        var known = seen.Forms.GroupBy(static form => form.Thing.RoomId).ToDictionary(
            static room => room.Key,
            static room => room.Select(static form => (form.Rev, form.Thing)).Distinct().OrderBy(static it => it.Rev).ToList());
        foreach (var (entry, device, after, changes) in Ranges(seen))
        {
            foreach (var fault in FaultsOf(changes, after))
                yield return new Violation(
                    2, $"device {device} was given the changes of room {changes.RoomId} after {after}, complete up to {changes.Complete}: {fault}",
                    changes.RoomId, null, device, entry.At);

            var given = changes.Changes.Select(FormOf).OfType<Form>().ToDictionary(static form => form.Thing, static form => form.Rev);
            var all = known.GetValueOrDefault(changes.RoomId) ?? [];
            foreach (var (rev, thing) in all.Where(it => it.Rev > after && it.Rev <= changes.Complete))
            {
                if (given.TryGetValue(thing, out var other) && other >= rev) continue;
                if (thing.Kind == 'm' && seen.Rooms.TryGetValue(changes.RoomId, out var room) && thing.Number < room.FirstSeq) continue;
                if (changes.Head > changes.Complete && all.Any(it => it.Thing == thing && it.Rev > changes.Complete)) continue;
                yield return new Violation(
                    2, $"device {device} was given the changes of room {changes.RoomId} after {after}, complete up to {changes.Complete} of "
                        + $"{changes.Head}, without {thing} at {rev}, which nothing in them supersedes",
                    changes.RoomId, thing.Kind == 'm' ? thing.Number : null, device, entry.At);
            }
        }
    }

    static IEnumerable<string> FaultsOf(RoomChanges changes, long after)
    {
        var last = after;
        foreach (var change in changes.Changes)
        {
            if (change.Rev <= last) yield return $"{change.Rev} comes behind {last}";
            if (change.Rev > changes.Complete) yield return $"{change.Rev} stands in it";
            last = change.Rev;
        }
        if (changes.Complete > changes.Head) yield return $"its head is {changes.Head}";
    }

    static IEnumerable<(Entry Entry, int Device, long After, RoomChanges Changes)> Ranges(Evidence seen)
    {
        foreach (var fetched in seen.Run.Entries.OfType<Fetched>())
            if (fetched is { Answer: RoomChanges changes, After: { } after }) yield return (fetched, fetched.Device, after, changes);
        foreach (var visit in seen.Visits)
            foreach (var heard in visit.Heard)
                if (heard.Frame is RoomChanges changes && visit.Opened.Hello?.Rooms?.TryGetValue(changes.RoomId, out var held) == true)
                    yield return (heard, heard.Device, held, changes);
    }

    static Form? FormOf(Change change) => change switch
    {
        MessageChange message => Form.Of(0, 0, "", message.Message),
        MemberChange member => Form.Of(0, 0, "", member.Member),
        RoomChange room => Form.Of(0, 0, "", room.Room),
        _ => null,
    };

    static string Where(Form form) => form.Device >= 0 ? $"device {form.Device}, {form.Where}" : form.Where;
}
