using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A room as a socket device shows it. All of it is called under the device's lock.</summary>
internal sealed class ShownRoom
{
    readonly Dictionary<long, Message> _messages = [];
    readonly Counting _counting;
    Place _place;
    Room _row;

    /// <param name="place">As it was told.</param>
    /// <param name="me">Whose device it is.</param>
    /// <param name="fetch">Begins to fetch what is above a revision.</param>
    public ShownRoom(Place place, long me, Action<ShownRoom, long> fetch)
    {
        (Id, _place, _row) = (place.RoomId, place, place.Room!);
        (From, Top) = (place.LastSeq + 1, place.LastSeq);
        _counting = new Counting(me, place);
        Stream = new HeldStream(place.Head, Apply, after => fetch(this, after));
    }

    public long Id { get; }
    public HeldStream Stream { get; }

    /// <summary>Everything from here to <see cref="Top"/> is held.</summary>
    public long From { get; private set; }

    public long Top { get; private set; }
    public long Mark => _counting.Mark;
    public bool CountKnown => _counting.Known;

    /// <summary>Whether the count is being asked for.</summary>
    public bool Asking { get; set; }

    public IEnumerable<Message> NewestFirst
    {
        get
        {
            for (var seq = Top; seq >= From; seq--)
                if (_messages.TryGetValue(seq, out var message)) yield return message;
        }
    }

    /// <summary>A place on the person's stream, or in an answer.</summary>
    public void Take(Place place, bool unheard = false)
    {
        if (place.Rev >= _place.Rev) _place = place;
        if (place.Room is { } row) TakeRow(row, place.Head);
        _counting.Settle(ReadOf(place), unheard);
    }

    /// <summary>The room's own row, whatever of its stream is held.</summary>
    public void Take(RoomChange change) => TakeRow(change.Room, change.Rev);

    /// <summary>A stretch of the room's changes.</summary>
    public void Splice(RoomChanges changes)
    {
        // Counted by the server before they are applied, so that none is counted twice.
        if (changes.Complete > Stream.Held) _counting.Skip(changes.Complete);
        _counting.Settle(changes.Read, unheard: false);
        Stream.Splice(new Stretch(changes.Complete, changes.Head, changes.Changes));
    }

    /// <summary>The newest page replaces all that is held.</summary>
    /// <returns>False: more is held than the page knows.</returns>
    public bool Open(MessagePage page)
    {
        if (page.Complete < Stream.Held) return false;
        _messages.Clear();
        foreach (var message in page.Messages) _messages[message.Seq] = message;
        Top = page.Messages.Count == 0 ? 0 : page.Messages[^1].Seq;
        From = page.Messages.Count == 0 ? 1 : page.Messages[0].Seq;
        _counting.Settle(page.Read, unheard: true);
        _counting.Skip(page.Complete);
        Stream.Rebase(page.Complete);
        return true;
    }

    public HeldRoom ToHeld() => new(
        Stream.Held, From, new Dictionary<long, Message>(_messages), _place with { Room = _row }, _counting.Unread, _counting.Mentions);

    void Apply(Change change, bool live)
    {
        switch (change)
        {
            case MessageChange { Message: var message } it:
                var before = _messages.GetValueOrDefault(message.Seq);
                _counting.Hear(it, before, isNew: message.Seq > Top);
                if (message.Seq >= From && message.Seq >= _row.FirstSeq) _messages[message.Seq] = message;
                Top = Math.Max(Top, message.Seq);
                break;
            case RoomChange it:
                TakeRow(it.Room, it.Rev);
                break;
        }
    }

    void TakeRow(Room row, long rev)
    {
        if (row.Rev < _row.Rev) return;
        if (row.FirstSeq > _row.FirstSeq)
        {
            _counting.Purge(rev, row.FirstSeq);
            foreach (var seq in _messages.Keys.Where(seq => seq < row.FirstSeq).ToArray()) _messages.Remove(seq);
            From = Math.Max(From, row.FirstSeq);
        }
        _row = row;
    }

    static ReadState ReadOf(Place place) => new(place.RoomId, place.Mark, place.Unread, place.Head, place.Rev, place.Mentions);
}
