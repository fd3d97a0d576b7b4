namespace Olha.Proof;

/// <summary>A run, looked through once: what was wanted and how it ended, and every form that anybody saw.</summary>
internal sealed class Evidence
{
    readonly ILookup<(long AuthorId, string Cid), TrueMessage> _byCid;
    readonly Dictionary<long, Watermark> _heads = [];
    readonly Dictionary<Thing, Watermark> _revs = [];
    readonly Dictionary<(long RoomId, long AuthorId, string Body), HashSet<long>> _bodies = [];

    public Evidence(Run run)
    {
        Run = run;
        var answers = run.Entries.OfType<Answered>().ToLookup(static answer => answer.Op);
        Deeds = [.. run.Entries.OfType<Asked>().GroupBy(static asked => asked.Op)
            .Select(attempts => new Deed(PersonOf(attempts.First().Device), [.. attempts], [.. answers[attempts.Key]]))];
        Forms = new FormReader(run).All();
        Rows = run.Truth.Messages.ToLookup(static row => (row.RoomId, row.Seq));
        _byCid = run.Truth.Messages.ToLookup(static row => (row.AuthorId, row.Cid ?? ""));
        Rooms = run.Truth.Rooms.ToDictionary(static room => room.Id);
        Memberships = run.Truth.Memberships.ToDictionary(static membership => (membership.RoomId, membership.UserId));
        Visits = [.. run.Entries.OfType<Opened>().Select(opened => new Visit(opened, PersonOf(opened.Device)))];
        var byConnection = Visits.ToDictionary(static visit => visit.Connection);
        foreach (var heard in run.Entries.OfType<Heard>())
            if (byConnection.TryGetValue(heard.Connection, out var visit)) visit.Heard.Add(heard);
        Raise();
        foreach (var form in Forms)
            if (form.Message is { Body: { } body } message)
                (_bodies.TryGetValue((message.RoomId, message.AuthorId, body), out var seqs)
                    ? seqs
                    : _bodies[(message.RoomId, message.AuthorId, body)] = []).Add(message.Seq);
        Stays = new Memberships(this);
    }

    public Run Run { get; }

    /// <summary>Everything that was wanted, by the time when it was wanted first.</summary>
    public IReadOnlyList<Deed> Deeds { get; }

    /// <summary>Every form that anybody saw, by time; what is found at the end stands last.</summary>
    public IReadOnlyList<Form> Forms { get; }

    /// <summary>The rows of messages by (room, <c>seq</c>).</summary>
    public ILookup<(long RoomId, long Seq), TrueMessage> Rows { get; }

    public IReadOnlyDictionary<long, TrueRoom> Rooms { get; }

    public IReadOnlyDictionary<(long RoomId, long UserId), TrueMembership> Memberships { get; }

    /// <summary>All connections of sockets.</summary>
    public IReadOnlyList<Visit> Visits { get; }

    /// <summary>Who was in which room when.</summary>
    public Memberships Stays { get; }

    public long PersonOf(int device) => Run.People[Run.Plan.Devices[device].Person];

    /// <summary>The highest revision of a room's stream that anybody had seen before a time.</summary>
    public long HeadBefore(long roomId, long at) => _heads.TryGetValue(roomId, out var head) ? head.Before(at) : 0;

    /// <summary>When somebody first saw that a room's stream had come as far as a revision.</summary>
    public long Reached(long roomId, long rev) => _heads.TryGetValue(roomId, out var head) ? head.Reached(rev) : long.MaxValue;

    /// <summary>The latest revision of a thing that anybody had seen before a time; 0: nobody had.</summary>
    public long RevBefore(Thing thing, long at) => _revs.TryGetValue(thing, out var revs) ? revs.Before(at) : 0;

    /// <summary>Where a post lies; null: it is not stored.</summary>
    public long? SeqOf(Deed post) => post.Cid is { } cid
        ? _byCid[(post.PersonId, cid)].FirstOrDefault()?.Seq
        : SeqsOf(post.RoomId, post.PersonId, post.Body ?? "").Where(seq => Rows[(post.RoomId, seq)].Any()).Cast<long?>().FirstOrDefault();

    /// <summary>The messages that anybody ever saw saying this.</summary>
    public IReadOnlySet<long> SeqsOf(long roomId, long authorId, string body) =>
        _bodies.TryGetValue((roomId, authorId, body), out var seqs) ? seqs : new HashSet<long>();

    void Raise()
    {
        var heads = new List<(long At, long RoomId, long Head)>();
        foreach (var form in Forms.Where(static form => form.At != long.MaxValue))
        {
            heads.Add((form.At, form.Thing.RoomId, form.Rev));
            Of(_revs, form.Thing).Rise(form.At, form.Rev);
        }
        foreach (var entry in Run.Entries)
            if (entry switch { Heard heard => heard.Frame, Fetched fetched => fetched.Answer, _ => null } is { } what)
                heads.AddRange(ToldHeads.In(what).Select(told => (entry.At, told.RoomId, told.Head)));
        foreach (var (at, roomId, head) in heads.OrderBy(static it => it.At)) Of(_heads, roomId).Rise(at, head);
    }

    static Watermark Of<T>(Dictionary<T, Watermark> marks, T key) where T : notnull =>
        marks.TryGetValue(key, out var mark) ? mark : marks[key] = new Watermark();
}

/// <summary>One connection of a socket, from its hello to its end.</summary>
internal sealed record Visit(Opened Opened, long PersonId)
{
    public int Device => Opened.Device;
    public int Connection => Opened.Connection;

    /// <summary>What came over it, in order.</summary>
    public List<Heard> Heard { get; } = [];
}
