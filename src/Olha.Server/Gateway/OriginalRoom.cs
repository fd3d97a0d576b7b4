using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>General as the clients of the original see it: told again in the original's words to the sockets at its door.</summary>
/// <remarks>Hot path: what is said in General is told here in the same moment, once for all.</remarks>
internal sealed partial class OriginalRoom(
    Database db, RoomStore rooms, MessageStore messages, StandingStore standings, PeopleDirectory people, PostMessage post, OriginalCrowd crowd, Hub hub,
    Delivery delivery, RefusalCounts refusals, TimeProvider clock, ILogger<OriginalRoom> log) : BackgroundService
{
    const int MostKnown = 10_000;
    const int MostReadAtOnce = 100;
    static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(500);

    readonly Channel<Heard> _heard = Channel.CreateUnbounded<Heard>(new() { SingleReader = true });
    readonly List<Heard> _fresh = []; // these two under the delivery's lock; empty between calls
    readonly List<Frame> _round = [];
    readonly ConcurrentDictionary<long, Person> _people = new();
    readonly string _run = string.Create(
        CultureInfo.InvariantCulture, $"{clock.GetUtcNow().ToUnixTimeMilliseconds():x12}{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
    long _generalId;
    long _heardSeq;
    long _cids;
    int _behind; // frames that the loop has not told yet

    /// <summary>A message that is news, and the place after which nothing was heard before it.</summary>
    readonly record struct Heard(Message Message, long After)
    {
        public bool IsNext => After == Message.Seq - 1;
    }

    /// <summary>Why somebody may not come to the original's door; null: they may. It is for those who are in General.</summary>
    public ValueTask<Refusal?> WhyNotEnterAsync(Caller caller, CancellationToken ct) => db.ReadAsync(
        async session => (await standings.StandingOf(session, caller.UserId, Volatile.Read(ref _generalId))).WhyNotHear(), ct);

    /// <summary>A socket comes to the original's door.</summary>
    public FrameHandler Enter(Connection connection, Caller caller)
    {
        hub.Join(Topics.Original, connection);
        crowd.Move(caller, +1);
        _ = LookAgainAsync(connection, caller);
        return new OriginalSocket(connection, caller, this);
    }

    /// <summary>A socket left it.</summary>
    public void Leave(Caller caller) => crowd.Move(caller, -1);

    /// <summary>Says something in General. The server makes the cid: this door has none.</summary>
    public ValueTask<Outcome<Ack>> SayAsync(Caller caller, string text, Lane lane) =>
        post.RunAsync(caller, Volatile.Read(ref _generalId), new DraftBody(NextCid(), text), lane, author: null, CancellationToken.None);

    // When the program started, what nobody else has, and a number: unique, in order, and without a random number each.
    string NextCid() => string.Create(CultureInfo.InvariantCulture, $"{_run}{Interlocked.Increment(ref _cids):x10}");

    /// <summary>What one socket alone is told: why something was not done.</summary>
    public Frame Private(Refusal refusal)
    {
        refusals.Add(Door.Original, refusal);
        return OriginalFrames.Notification(refusal.Detail, clock.GetUtcNow());
    }

    /// <summary>A frame of this socket could not be carried out.</summary>
    public void Failed(Exception cause)
    {
        if (cause is DatabaseUnavailableException) NotNow(cause.Message);
        else SayFailed(cause);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var general = await db.ReadAsync(async session => await rooms.FindAsync(session, await rooms.GeneralAsync(session)), cancellationToken);
        (_generalId, _heardSeq) = (general!.Id, general.LastSeq);
        delivery.Listen(Topics.Room(_generalId), general.LastRev, Hear);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => TellAsync(stoppingToken);

    // Where all authors are known and nothing was passed over, nothing has to be waited for: it is told here and now. Otherwise, and while
    // that loop has not caught up, in order by the loop.
    void Hear(ReadOnlySpan<Frame> round)
    {
        try
        {
            foreach (var frame in round)
            {
                var change = Delivery.ChangeOf(frame);
                if (change is MessageChange { Message: var message }) HearMessage(message);
                else if (change is MemberChange { Member: { Joined: false } gone }) SendAway(gone.UserId);
            }
            if (_fresh.Count == 0) return;
            var isBehind = Volatile.Read(ref _behind) > 0;
            // Who comes while the loop is behind hears what it tells late, and then nothing may be missing after it.
            if (!isBehind && !hub.Has(Topics.Original)) return;
            if (!isBehind && TranslateKnown())
            {
                Send(_round);
                return;
            }
            Interlocked.Add(ref _behind, _fresh.Count);
            foreach (var heard in _fresh) _heard.Writer.TryWrite(heard);
        }
        catch (Exception cause)
        {
            TranslationFailed(cause);
        }
        finally
        {
            _round.Clear();
            _fresh.Clear();
        }
    }

    // Whoever went between the look before the upgrade and the moment when this socket began to listen.
    async Task LookAgainAsync(Connection connection, Caller caller)
    {
        try
        {
            if (await WhyNotEnterAsync(caller, CancellationToken.None) is not null) SendAway(connection);
        }
        catch (Exception cause)
        {
            EntranceUnknown(cause);
            connection.Close(CloseCode.Overloaded, TimeSpan.FromSeconds(2));
        }
    }

    void SendAway(long userId)
    {
        foreach (var connection in hub.ListenersOf(Topics.Sockets(userId)))
            if (hub.Listens(Topics.Original, connection)) SendAway(connection);
    }

    void SendAway(Connection connection)
    {
        hub.Leave(Topics.Original, connection);
        connection.Close(CloseCode.SessionEnded, retry: null);
    }

    // Another form of what was heard, a reaction or an edit, is no news here. After a gap what is next may stand behind what is newer: it was
    // edited in between. It lies in the database by then, and is read from there in its turn.
    void HearMessage(Message message)
    {
        if (message.Seq <= _heardSeq) return;
        var heard = new Heard(message, _heardSeq);
        _heardSeq = message.Seq;
        if (message.DeletedAt is null || !heard.IsNext) _fresh.Add(heard);
    }

    bool TranslateKnown()
    {
        foreach (var heard in _fresh)
        {
            if (!heard.IsNext || heard.Message.System is not null || !_people.TryGetValue(heard.Message.AuthorId, out var author)) return false;
            _round.Add(Chat(heard.Message, author));
        }
        return true;
    }

    async Task TellAsync(CancellationToken ct)
    {
        var round = new List<Frame>();
        while (await _heard.Reader.WaitToReadAsync(ct))
        {
            var taken = 0;
            for (; _heard.Reader.TryRead(out var heard); taken++) await TranslateAsync(heard, round, ct);
            Send(round);
            Interlocked.Add(ref _behind, -taken);
        }
    }

    // What cannot be read now is told later: nothing overtakes it.
    async ValueTask TranslateAsync(Heard heard, List<Frame> round, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                round.AddRange(await TranslateAsync(heard, ct));
                return;
            }
            catch (DatabaseUnavailableException cause)
            {
                NotYetTold(cause.Message);
                Send(round);
                await Task.Delay(s_again, clock, ct);
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                TranslationFailed(cause);
                return;
            }
        }
    }

    void Send(List<Frame> round)
    {
        if (round.Count > 0) hub.Send(CollectionsMarshal.AsSpan(round));
        round.Clear();
    }

    async ValueTask<List<Frame>> TranslateAsync(Heard heard, CancellationToken ct)
    {
        var frames = new List<Frame>();
        for (var after = heard.After; after < heard.Message.Seq - 1;)
        {
            var read = await db.ReadAsync(session => messages.AboveAsync(session, _generalId, after, MostReadAtOnce), ct);
            foreach (var message in read)
                if (message.Seq < heard.Message.Seq && message.DeletedAt is null) frames.Add(await TranslateAsync(message, ct));
            after = read.Count > 0 ? read[^1].Seq : heard.Message.Seq;
        }
        if (heard.Message.DeletedAt is null) frames.Add(await TranslateAsync(heard.Message, ct));
        return frames;
    }

    async ValueTask<Frame> TranslateAsync(Message message, CancellationToken ct)
    {
        var author = await PersonAsync(message.AuthorId, ct);
        if (message.System is not { } line) return Chat(message, author);

        var whom = line.UserId is { } id ? (await PersonAsync(id, ct)).Username : author.Username;
        return OriginalFrames.Notification(Sentence(line, author.Username, whom), message.CreatedAt);
    }

    static Frame Chat(Message message, Person author) =>
        OriginalFrames.Chat(author.Id, author.Username, message.Body!, message.CreatedAt, author.Color);

    static string Sentence(SystemLine line, string who, string whom) => line.Event switch
    {
        SystemEvent.Joined => $"{whom} joined General.",
        SystemEvent.Left => $"{whom} left General.",
        SystemEvent.Invited => $"{who} invited {whom}.",
        SystemEvent.Removed => $"{who} removed {whom}.",
        SystemEvent.Renamed => $"{who} renamed the room to {line.Text}.",
        SystemEvent.Topic => line.Text is null ? $"{who} cleared the topic." : $"{who} set the topic to {line.Text}.",
        SystemEvent.Archived => $"{who} archived the room.",
        SystemEvent.SlowMode => line.Text is null ? $"{who} turned slow mode off." : $"{who} turned slow mode on: one message every {line.Text} seconds.",
        SystemEvent.Locked => $"{who} locked the room: only moderators may speak.",
        SystemEvent.Unlocked => $"{who} unlocked the room.",
        _ => $"{who} reopened the room.",
    };

    // Names and colours of users never change, so what was read once stays true.
    async ValueTask<Person> PersonAsync(long userId, CancellationToken ct)
    {
        if (_people.TryGetValue(userId, out var known)) return known;
        var read = await db.ReadAsync(session => people.FindAsync(session, userId), ct);
        if (_people.Count >= MostKnown) _people.Clear();
        return _people[userId] = read ?? throw new InvalidOperationException($"A message of user {userId}, who does not exist.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of General could not be told at the original's door")]
    partial void TranslationFailed(Exception cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of General is told at the original's door as soon as the database can be read: {Reason}")]
    partial void NotYetTold(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether somebody may be at the original's door could not be read")]
    partial void EntranceUnknown(Exception cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message from the original's door could not be stored")]
    partial void SayFailed(Exception cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message from the original's door could not be stored: {Reason}")]
    partial void NotNow(string reason);
}
