using Olha.Protocol;

namespace Olha.Proof.Tests;

/// <summary>The judge is judged: what is right is accepted, and one planted fault is found, under its own number and in words that name it.</summary>
public sealed class JudgeTests
{
    readonly SmallRun _small = new();

    [Fact]
    public void A_run_in_which_every_promise_was_kept_is_clean()
    {
        var first = _small.Post(0, SmallRun.General, "um");
        var second = _small.Post(1, SmallRun.General, "dois", replyTo: first.Seq, mentions: [13]);
        _small.Post(0, SmallRun.Closed, "três", mentions: [0]);
        _small.Repeat(0, first);
        _small.Contradict(0, first, "outro");
        _small.PostLost(1, SmallRun.General, "perdido", stored: true);
        _small.PostLost(1, SmallRun.General, "perdido para sempre", stored: false);
        _small.Refuse(2, SmallRun.Closed, "de fora", "not_found");
        _small.Cut(1);
        _small.Edit(0, first, "um, dois");
        _small.Delete(1, second);
        _small.Resume(1);
        _small.Invite(0, SmallRun.Closed, 13);
        _small.Post(2, SmallRun.Closed, "dentro");
        _small.Leave(2, SmallRun.Closed);
        _small.Post(0, SmallRun.Closed, "sem 13");
        _small.Remove(0, SmallRun.Closed, 12);
        _small.Read(2, SmallRun.General, second.Seq);
        _small.Page(4, SmallRun.General);

        Assert.Empty(Judge.Verdict(_small.Build()));
    }

    // 0

    [Fact]
    public void An_answer_of_500_is_found()
    {
        _small.Post(0, SmallRun.General, "um");
        _small.Entries.Add(new Answered(_small.Tick(), 0, 1, Outcome.Broken, "500 broken"));

        Found(0, "500 broken", _small.Build());
    }

    // I1

    [Fact]
    public void An_acknowledged_post_that_is_not_stored_is_found()
    {
        var run = WithPost(out var message);

        Found(1, "is not in the database", run with { Truth = run.Truth with { Messages = [.. run.Truth.Messages.Where(row => row.Id != message.Id)] } });
    }

    [Fact]
    public void A_post_that_is_stored_twice_is_found()
    {
        var run = WithPost(out var message);
        var again = new TrueMessage(message with { Id = 99, Seq = message.Seq + 1, Rev = message.Rev + 1 });

        Found(1, "is stored 2 times", run with { Truth = run.Truth with { Messages = [.. run.Truth.Messages, again] } });
    }

    [Theory]
    [InlineData("seq")]
    [InlineData("id")]
    [InlineData("room")]
    [InlineData("time")]
    public void An_acknowledgement_that_says_something_else_than_is_stored_is_found(string what)
    {
        var run = WithPost(out _);

        Found(1, "and is stored as", run with
        {
            Entries = Changed<Answered>(run, answer => answer with
            {
                Ack = what switch
                {
                    "seq" => answer.Ack! with { Seq = 1 },
                    "id" => answer.Ack! with { Id = 77 },
                    "room" => answer.Ack! with { RoomId = SmallRun.Closed },
                    _ => answer.Ack! with { CreatedAt = answer.Ack.CreatedAt.AddMilliseconds(1) },
                },
            }),
        });
    }

    [Fact]
    public void A_repeat_that_is_acknowledged_as_another_message_is_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Repeat(0, message);
        var run = _small.Build();

        Found(1, "later as", run with
        {
            Entries = Changed<Answered>(run, answer => answer.Ack!.Duplicate ? answer with { Ack = answer.Ack with { Seq = 2 } } : answer),
        });
    }

    [Fact]
    public void A_repeat_that_is_acknowledged_as_new_is_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Repeat(0, message);
        var run = _small.Build();

        Found(1, "acknowledged 2 times as stored by that try", run with
        {
            Entries = Changed<Answered>(run, answer => answer with { Ack = answer.Ack! with { Duplicate = false } }),
        });
    }

    [Fact]
    public void Words_that_nobody_said_are_found()
    {
        var run = WithPost(out var message);

        Found(1, "was said as 'um' and is stored as 'zwei'", Everywhere(run, message, it => it with { Body = "zwei" }));
    }

    [Fact]
    public void A_tombstone_that_nobody_asked_for_is_found()
    {
        var run = WithPost(out var message);

        Found(1, "and nobody deleted it", Everywhere(run, message, it => it with { Body = null, DeletedAt = it.CreatedAt }));
    }

    [Fact]
    public void A_message_that_a_device_never_got_is_found()
    {
        var run = WithPost(out var message);

        Found(1, "does not show", run with { Held = WithoutHeld(run, 1, message) });
    }

    // I3

    [Fact]
    public void A_post_with_an_unknown_outcome_that_is_there_twice_is_found()
    {
        _small.PostLost(0, SmallRun.General, "um", stored: true);
        var run = _small.Build();
        var row = run.Truth.Messages.Single(static row => row.Cid is not null);

        Found(3, "is stored 2 times", run with
        {
            Truth = run.Truth with { Messages = [.. run.Truth.Messages, new TrueMessage(row.Form with { Seq = row.Seq + 1, Rev = row.Rev + 1, Id = 99 })] },
        });
    }

    [Fact]
    public void A_refused_post_that_is_stored_is_found()
    {
        var run = WithPost(out _);

        Found(3, "was refused as not_member and is stored", run with
        {
            Entries = Changed<Answered>(run, static answer => answer with { Outcome = Outcome.Refused, Code = "not_member", Ack = null }),
        });
    }

    [Fact]
    public void A_post_that_was_never_answered_is_found()
    {
        var run = WithPost(out _);

        Found(3, "was never answered", run with { Entries = [.. run.Entries.Where(static entry => entry is not Answered)] });
    }

    [Fact]
    public void Other_words_under_a_used_cid_that_are_acknowledged_are_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Contradict(0, message, "outro");
        var run = _small.Build();

        Found(3, "acknowledged for these too", run with
        {
            Entries = Changed<Answered>(run, static answer => answer.Code == "conflict" ? answer with { Outcome = Outcome.Done } : answer),
        });
    }

    [Fact]
    public void A_repeat_that_is_refused_is_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Repeat(0, message);
        var run = _small.Build();

        Found(3, "refused as not_member", run with
        {
            Entries = Changed<Answered>(
                run, static answer => answer.Ack!.Duplicate ? answer with { Outcome = Outcome.Refused, Code = "not_member", Ack = null } : answer),
        });
    }

    // I7

    [Fact]
    public void A_node_that_does_not_serve_what_was_acknowledged_is_found()
    {
        var run = WithPost(out var message);
        var second = run.Served[1];

        Found(7, "node 1 does not serve it", run with
        {
            Served = [run.Served[0], second with { Messages = Without(second.Messages, message) }],
        });
    }

    [Fact]
    public void A_page_without_what_was_acknowledged_before_it_was_asked_for_is_found()
    {
        _small.Post(0, SmallRun.General, "um");
        _small.Page(4, SmallRun.General);
        var run = _small.Build();

        Found(7, "acknowledged", run with
        {
            Entries = Changed<Fetched>(run, static fetched => fetched is { Device: 4, Answer: MessagePage page }
                ? fetched with { Answer = page with { Messages = [.. page.Messages.SkipLast(1)] } }
                : fetched),
        });
    }

    [Fact]
    public void A_page_with_an_older_form_than_was_acknowledged_is_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Edit(0, message, "dois");
        _small.Page(4, SmallRun.General);
        var run = _small.Build();

        Found(7, "which had been seen at", run with
        {
            Entries = Changed<Fetched>(run, fetched => fetched is { Device: 4, Answer: MessagePage page }
                ? fetched with { Answer = page with { Messages = [.. page.Messages.SkipLast(1), message] } }
                : fetched),
        });
    }

    [Fact]
    public void An_acknowledged_deletion_that_came_undone_is_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Delete(0, message);
        var run = _small.Build();

        Found(7, "and is stored at", Everywhere(run, message, _ => message, heard: false));
    }

    Run WithPost(out Message message)
    {
        message = _small.Post(0, SmallRun.General, "um");
        return _small.Build();
    }

    internal static void Found(int invariant, string words, Run run)
    {
        var verdict = Judge.Verdict(run);
        Assert.Contains(verdict, violation => violation.Invariant == invariant && violation.Said.Contains(words, StringComparison.Ordinal));
    }

    internal static IReadOnlyList<Entry> Changed<T>(Run run, Func<T, Entry> how) where T : Entry =>
        [.. run.Entries.Select(entry => entry is T it ? how(it) : entry)];

    // The last form of a message as if it were another, wherever it is seen.
    static Run Everywhere(Run run, Message message, Func<Message, Message> how, bool heard = true)
    {
        Message At(Message it) => (it.RoomId, it.Seq) == (message.RoomId, message.Seq) ? how(it) : it;
        return run with
        {
            Entries = heard
                ? Changed<Heard>(run, it => it.Frame is MessageChange change ? it with { Frame = change with { Message = At(change.Message) } } : it)
                : run.Entries,
            Truth = run.Truth with { Messages = [.. run.Truth.Messages.Select(row => new TrueMessage(At(row.Form)))] },
        };
    }

    internal static IReadOnlyList<Holding?> WithoutHeld(Run run, int device, Message message) =>
        [.. run.Held.Select((held, number) => number != device ? held : held! with
        {
            Rooms = held.Rooms.ToDictionary(static it => it.Key, it => it.Value with
            {
                Messages = it.Value.Messages.Where(one => one.Value.Id != message.Id).ToDictionary(),
            }),
        })];

    static Dictionary<long, IReadOnlyDictionary<long, Message>> Without(
        IReadOnlyDictionary<long, IReadOnlyDictionary<long, Message>> served, Message message) =>
        served.ToDictionary(
            static it => it.Key, it => (IReadOnlyDictionary<long, Message>)it.Value.Where(one => one.Value.Id != message.Id).ToDictionary());
}
