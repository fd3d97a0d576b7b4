using Olha.Protocol;

namespace Olha.Proof;

/// <summary>I1: every acknowledged post is in the database once, as it was acknowledged, and every device of everybody in the room shows it.</summary>
internal static class AcknowledgedOnce
{
    public static IEnumerable<Violation> Check(Evidence seen) =>
        Twice(seen).Concat(Acknowledged(seen)).Concat(AcknowledgedWithoutAck(seen)).Concat(Shown(seen));

    static IEnumerable<Violation> Twice(Evidence seen) => seen.Run.Truth.Messages
        .Where(static row => row.Cid is not null)
        .GroupBy(static row => (row.AuthorId, row.Cid))
        .Where(static rows => rows.Count() > 1)
        .Select(static rows => new Violation(
            1, $"cid {rows.Key.Cid} of person {rows.Key.AuthorId} is stored {rows.Count()} times: at {string.Join(", ", rows.Select(Place))}",
            rows.First().RoomId, rows.Last().Seq));

    static IEnumerable<Violation> Acknowledged(Evidence seen)
    {
        var rows = seen.Run.Truth.Messages.ToLookup(static row => (row.AuthorId, row.Cid));
        var said = seen.Deeds.Where(static deed => deed.Cid is not null && deed.Act != Act.Contradict)
            .GroupBy(static deed => (deed.PersonId, deed.Cid));
        foreach (var deeds in said)
        {
            var acks = Acks(deeds).ToList();
            if (acks.Count == 0) continue;
            var first = acks[0];
            var about = new Violation(1, "", first.Ack.RoomId, first.Ack.Seq, first.Answer.Device, first.Answer.At);

            foreach (var (attempt, answer, ack) in acks.Skip(1).Where(it => (it.Ack with { Duplicate = first.Ack.Duplicate }) != first.Ack))
                yield return about with
                {
                    Said = $"cid {ack.Cid} was acknowledged as {Words(first.Ack)}, and {Ms(answer.At - first.Answer.At)} later as {Words(ack)}",
                    At = answer.At,
                    Device = attempt.Device,
                };
            foreach (var why in WrongDuplicates(deeds, acks)) yield return about with { Said = why };

            if (rows[deeds.Key].FirstOrDefault() is not { } row)
                yield return about with
                {
                    Said = $"cid {first.Ack.Cid} was acknowledged as {Words(first.Ack)} and is not in the database",
                };
            else if (Disagreement(first.Ack, row) is { } what) yield return about with { Said = what };
            else if (WrongBody(seen, deeds.First(), row) is { } body) yield return about with { Said = body };
        }
    }

    // The original's door has no acknowledgement: what it echoes is stored.
    static IEnumerable<Violation> AcknowledgedWithoutAck(Evidence seen)
    {
        foreach (var deed in seen.Deeds.Where(static deed => deed is { Says: true, Yes: not null, Ack: null, Body: not null }))
        {
            var seqs = seen.SeqsOf(deed.RoomId, deed.PersonId, deed.Body!);
            var stored = seqs.Count(seq => seen.Rows[(deed.RoomId, seq)].Any());
            if (stored == 1) continue;
            yield return new Violation(
                1, $"'{deed.Body}' was told at the original's door and is {stored} times in the database",
                deed.RoomId, seqs.Count == 0 ? null : seqs.Max(), deed.Device, deed.Happened);
        }
    }

    static IEnumerable<Violation> Shown(Evidence seen)
    {
        for (var device = 0; device < seen.Run.Held.Count; device++)
        {
            if (seen.Run.Held[device] is not { } held) continue;
            foreach (var deed in seen.Deeds)
            {
                if (deed.Ack is not { } ack || !held.Rooms.TryGetValue(ack.RoomId, out var room)) continue;
                if (ack.Seq < room.From || ack.Seq < room.Place.Room?.FirstSeq || room.Messages.ContainsKey(ack.Seq)) continue;
                yield return new Violation(
                    1, $"device {device} holds room {ack.RoomId} from {room.From} on and does not show {Words(ack)}, which was acknowledged",
                    ack.RoomId, ack.Seq, device, deed.Happened);
            }
        }
    }

    static IEnumerable<(Asked Attempt, Answered Answer, Ack Ack)> Acks(IEnumerable<Deed> deeds) => deeds
        .SelectMany(deed => deed.Answers.Where(static answer => answer.Ack is not null).Select(answer =>
            (deed.Attempts.Last(attempt => attempt.At <= answer.At), answer, answer.Ack!)))
        .OrderBy(static it => it.answer.At);

    // "Stored by an earlier try" needs an earlier try, and after an acknowledgement nothing is stored a first time.
    static IEnumerable<string> WrongDuplicates(IEnumerable<Deed> deeds, List<(Asked Attempt, Answered Answer, Ack Ack)> acks)
    {
        var attempts = deeds.SelectMany(static deed => deed.Attempts).ToList();
        var fresh = acks.Where(static it => !it.Ack.Duplicate).ToList();
        if (fresh.Count > 1) yield return $"cid {acks[0].Ack.Cid} was acknowledged {fresh.Count} times as stored by that try";
        if (fresh.Count > 0 && acks.Any(it => it.Answer.At < fresh[0].Attempt.At))
            yield return $"cid {acks[0].Ack.Cid} was asked for again after its acknowledgement, and acknowledged as new";
        if (fresh.Count == 0 && attempts.Count == 1)
            yield return $"cid {acks[0].Ack.Cid} was asked for once, and acknowledged as a repeat";
    }

    static string? Disagreement(Ack ack, TrueMessage row)
    {
        var stored = new Ack(ack.Cid, row.RoomId, row.Id, row.Seq, row.Form.CreatedAt, ack.Duplicate);
        return stored == ack ? null : $"cid {ack.Cid} was acknowledged as {Words(ack)} and is stored as {Words(stored)}";
    }

    static string? WrongBody(Evidence seen, Deed post, TrueMessage row)
    {
        var where = $"{row.RoomId}/{row.Seq}";
        if (row.Form.Kind != MessageKind.Text) return $"{where} was acknowledged as a text and is a line of the system";
        var changes = seen.Deeds.Where(deed => deed.RoomId == row.RoomId && deed.Seq == row.Seq && !deed.AllRefused);
        if (row.Deleted)
            return changes.Any(static deed => deed.Act == Act.Delete) ? null : $"{where} is a tombstone, and nobody deleted it";
        if (!row.Edited) return row.Form.Body == post.Body ? null : $"{where} was said as '{post.Body}' and is stored as '{row.Form.Body}'";
        return changes.Any(deed => deed.Act == Act.Edit && deed.Body == row.Form.Body)
            ? null
            : $"{where} was said as '{post.Body}' and is stored as '{row.Form.Body}', to which nobody edited it";
    }

    static string Place(TrueMessage row) => $"{row.RoomId}/{row.Seq} (id {row.Id})";

    static string Words(Ack ack) => $"{ack.RoomId}/{ack.Seq} (id {ack.Id}, {ack.CreatedAt:HH:mm:ss.fff})";

    static string Ms(long micros) => $"{micros / 1000} ms";
}
