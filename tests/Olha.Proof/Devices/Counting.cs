using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What is unread in one room: the server's last count, and what was heard above the revision at which it counted, as
/// docs/protocol.md ("Unread") says.</summary>
internal sealed class Counting
{
    /// <param name="Rev">Of the change.</param>
    /// <param name="Seq">Of the message.</param>
    /// <param name="Unread">What it does to the count.</param>
    /// <param name="Mentions">What it does to those that mean the person.</param>
    /// <param name="Unknown">Only the server knows what it did.</param>
    readonly record struct Heard(long Rev, long Seq, int Unread, int Mentions, bool Unknown);

    readonly long _me;
    readonly List<Heard> _heard = [];
    long _unread, _mentions, _head, _rev, _floor;

    public Counting(long me, Place place)
    {
        _me = me;
        (Mark, _unread, _mentions, _head, _rev, _floor) = (place.Mark, place.Unread, place.Mentions, place.Head, place.Rev, place.Head);
    }

    public long Mark { get; private set; }

    /// <summary>Whether the counts are right; otherwise the server is to be asked.</summary>
    public bool Known => _head >= _floor && !Counted.Any(static it => it.Unknown);

    public long Unread => _unread + Counted.Sum(static it => it.Unread);

    public long Mentions => _mentions + Counted.Sum(static it => it.Mentions);

    /// <summary>The server's word.</summary>
    /// <param name="read">What it counted.</param>
    /// <param name="unheard">The changes up to its head were not, and will not be, heard one by one.</param>
    public void Settle(ReadState read, bool unheard)
    {
        if (unheard) _floor = Math.Max(_floor, read.Head);
        // An older mark, or an older count of the same one.
        if (read.Rev < _rev || (read.Rev == _rev && read.Head <= _head)) return;
        (Mark, _unread, _mentions, _head, _rev) = (read.Mark, read.Unread, read.Mentions, read.Head, read.Rev);
    }

    /// <summary>What was heard one by one is so no more: a stretch up to here stands for it.</summary>
    public void Skip(long rev) => _floor = Math.Max(_floor, rev);

    /// <summary>A change of a message, in order.</summary>
    /// <param name="change">What was heard.</param>
    /// <param name="before">The form that is held, if any.</param>
    /// <param name="isNew">Above all before.</param>
    public void Hear(MessageChange change, Message? before, bool isNew)
    {
        var (rev, after) = (change.Rev, change.Message);
        if (after.Kind != MessageKind.Text || after.AuthorId == _me) return;
        if (before is not null || isNew)
            Keep(new Heard(rev, after.Seq, Counts(after) - Counts(before), Means(after) - Means(before), Unknown: false));
        // Reactions and pins leave alone what is unread and whom it means.
        else if (after.DeletedAt is not null || after.EditedAt is not null)
            Keep(new Heard(rev, after.Seq, 0, 0, Unknown: true));
    }

    /// <summary>The room keeps nothing below this.</summary>
    public void Purge(long rev, long firstSeq) => Keep(new Heard(rev, firstSeq - 1, 0, 0, Unknown: true));

    IEnumerable<Heard> Counted => _heard.Where(it => it.Rev > _head && it.Seq > Mark);

    void Keep(Heard heard)
    {
        if (heard is { Unread: 0, Mentions: 0, Unknown: false }) return;
        _heard.Add(heard);
        if (_heard.Count < 4000) return;
        Skip(_heard[1999].Rev);
        _heard.RemoveRange(0, 2000);
    }

    static int Counts(Message? message) => message is { DeletedAt: null } ? 1 : 0;

    // Not called for the person's own messages, which mean nobody here.
    int Means(Message? message) =>
        message is { DeletedAt: null } && (message.ReplyTo?.AuthorId == _me || message.Mentions?.Any(id => id == _me || id == 0) == true) ? 1 : 0;
}
