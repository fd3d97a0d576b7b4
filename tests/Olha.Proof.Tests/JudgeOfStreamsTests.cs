using Olha.Protocol;

namespace Olha.Proof.Tests;

/// <summary>As <see cref="JudgeTests"/>, for what comes over the wire and what is held in the end: I2, I4 and I5.</summary>
public sealed class JudgeOfStreamsTests
{
    readonly SmallRun _small = new();

    // I2

    [Fact]
    public void A_change_that_comes_twice_after_a_resume_is_found()
    {
        Resumed(out var run, out var replay);
        var again = (MessageChange)((RoomChanges)replay.Frame).Changes[^1];

        JudgeTests.Found(2, $"{again.Rev} of room 1 came behind", run with { Entries = [.. run.Entries, replay with { At = _small.Tick(), Frame = again }] });
    }

    [Fact]
    public void A_resume_that_begins_one_too_late_is_found()
    {
        Resumed(out var run, out var replay);

        JudgeTests.Found(2, "which nothing in them supersedes", Replacing(run, replay, changes => changes with { Changes = [.. changes.Changes.Skip(1)] }));
    }

    [Fact]
    public void A_resume_that_begins_one_too_early_is_found()
    {
        Resumed(out var run, out var replay);
        var before = run.Truth.Messages.Last(row => row.RoomId == SmallRun.General && row.Rev < ((RoomChanges)replay.Frame).Changes[0].Rev);

        JudgeTests.Found(2, "comes behind", Replacing(run, replay, changes => changes with
        {
            Changes = [new MessageChange(SmallRun.General, before.Rev, before.Form), .. changes.Changes],
        }));
    }

    [Fact]
    public void A_resume_after_which_nothing_is_said_of_what_was_missed_is_found()
    {
        Resumed(out var run, out var replay);

        JudgeTests.Found(2, "came before what was missed", run with { Entries = [.. run.Entries.Where(entry => !ReferenceEquals(entry, replay))] });
    }

    [Fact]
    public void What_an_edit_superseded_may_be_missing()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Cut(1);
        _small.Post(0, SmallRun.General, "dois");
        _small.Edit(0, message, "três");
        _small.Edit(0, message, "quatro");
        _small.Resume(1);

        Assert.Empty(Judge.Verdict(_small.Build()));
    }

    [Fact]
    public void A_head_below_what_the_device_held_is_found()
    {
        Resumed(out var run, out _);
        var hello = run.Entries.OfType<Opened>().Last();

        JudgeTests.Found(2, "and the device held", run with
        {
            Entries = JudgeTests.Changed<Opened>(run, opened => opened == hello
                ? opened with { Hello = opened.Hello! with { Rooms = opened.Hello.Rooms!.ToDictionary(static it => it.Key, static it => it.Value + 9) } }
                : opened),
        });
    }

    [Fact]
    public void Two_changes_in_the_wrong_order_are_found()
    {
        _small.Post(0, SmallRun.General, "um");
        _small.Post(0, SmallRun.General, "dois");
        var run = _small.Build();
        var heard = run.Entries.OfType<Heard>().Where(static it => it is { Device: 1, Frame: MessageChange }).ToArray();

        JudgeTests.Found(2, "came behind", run with
        {
            Entries = JudgeTests.Changed<Heard>(run, it => it == heard[0] ? it with { Frame = heard[1].Frame } : it == heard[1] ? it with { Frame = heard[0].Frame } : it),
        });
    }

    [Fact]
    public void Two_contents_at_one_revision_are_found()
    {
        _small.Post(0, SmallRun.General, "um");
        var run = _small.Build();

        JudgeTests.Found(2, "differ in body", run with
        {
            Entries = JudgeTests.Changed<Heard>(run, static it => it is { Device: 1, Frame: MessageChange change }
                ? it with { Frame = change with { Message = change.Message with { Body = "outro" } } }
                : it),
        });
    }

    [Fact]
    public void Two_things_at_one_revision_are_found()
    {
        _small.Post(0, SmallRun.General, "um");
        var run = _small.Build();

        JudgeTests.Found(2, "are of two things", run with
        {
            Entries = JudgeTests.Changed<Heard>(run, static it => it is { Device: 1, Frame: MessageChange change }
                ? it with { Frame = change with { Message = change.Message with { Seq = 77 } } }
                : it),
        });
    }

    [Fact]
    public void A_place_without_a_message_in_the_database_is_found()
    {
        _small.Post(0, SmallRun.General, "um");
        _small.PostLost(0, SmallRun.General, "dois", stored: true);
        _small.Post(0, SmallRun.General, "três");
        var run = _small.Build();

        JudgeTests.Found(2, "and none at 5", run with { Truth = run.Truth with { Messages = [.. run.Truth.Messages.Where(static row => row.Form.Body != "dois")] } });
    }

    [Theory]
    [InlineData("message")]
    [InlineData("form")]
    [InlineData("revision")]
    [InlineData("room")]
    [InlineData("epoch")]
    [InlineData("mark")]
    public void A_device_that_holds_something_else_than_is_stored_is_found(string what)
    {
        var message = _small.Post(0, SmallRun.General, "um");
        var run = _small.Build();
        var general = run.Held[1]!.Rooms[SmallRun.General];
        var (words, held) = what switch
        {
            "message" => ("lacks message", JudgeTests.WithoutHeld(run, 1, message)[1]),
            "form" => ("in another form than is stored: body", Holding(run, general with
            {
                Messages = general.Messages.ToDictionary(static it => it.Key, it => it.Key == message.Seq ? it.Value with { Body = "outro" } : it.Value),
            })),
            "revision" => ("holds room 1 up to", Holding(run, general with { Rev = general.Rev - 1 })),
            "mark" => ("holds the place", Holding(run, general with { Place = general.Place with { Mark = 0 } })),
            "room" => ("does not show room 1", run.Held[1]! with { Rooms = new Dictionary<long, HeldRoom> { [SmallRun.Closed] = run.Held[1]!.Rooms[SmallRun.Closed] } }),
            _ => ("is in epoch", run.Held[1]! with { Epoch = "other" }),
        };

        JudgeTests.Found(2, words, run with { Held = [run.Held[0], held, .. run.Held.Skip(2)] });
    }

    // I4

    [Fact]
    public void Posts_of_one_connection_that_were_stored_in_another_order_are_found()
    {
        var (run, first, second) = Swapped(0, 0);

        JudgeTests.Found(4, $"they lie at {second.Seq} and {first.Seq}", run);
    }

    [Fact]
    public void Posts_of_one_author_that_waited_for_each_other_are_found_in_another_order()
    {
        // From a socket, and then over HTTP.
        var (run, _, _) = Swapped(1, 4);

        JudgeTests.Found(4, "was acknowledged at", run);
    }

    [Fact]
    public void An_acknowledged_edit_that_a_former_one_undid_is_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Edit(0, message, "dois");
        _small.Edit(0, message, "três");
        var run = _small.Build();

        JudgeTests.Found(4, "the message says 'dois'", run with
        {
            Truth = run.Truth with
            {
                Messages = [.. run.Truth.Messages.Select(static row => row.Form.Body == "três" ? new TrueMessage(row.Form with { Body = "dois" }) : row)],
            },
        });
    }

    // I5

    [Fact]
    public void Posts_of_two_authors_in_another_order_than_that_of_real_time_are_found()
    {
        var (run, _, _) = Swapped(0, 1);

        JudgeTests.Found(5, "was acknowledged at", run);
    }

    [Fact]
    public void Two_messages_at_one_place_are_found()
    {
        _small.Post(0, SmallRun.General, "um");
        var run = _small.Build();

        JudgeTests.Found(5, "and message 88 of", run with
        {
            Entries = JudgeTests.Changed<Heard>(run, static it => it is { Device: 1, Frame: MessageChange change }
                ? it with { Frame = change with { Message = change.Message with { Id = 88 } } }
                : it),
        });
    }

    [Theory]
    [InlineData("twice", "twice")]
    [InlineData("order", "behind what lies at")]
    [InlineData("hole", "and not 'dois'")]
    [InlineData("unknown", "which is in no database")]
    public void What_is_wrong_at_the_originals_door_is_found(string what, string words)
    {
        _small.Post(0, SmallRun.General, "um");
        _small.Post(1, SmallRun.General, "dois");
        _small.Post(0, SmallRun.General, "três");
        var run = _small.Build();
        var chats = run.Entries.OfType<Heard>().Where(static it => it.Frame is OriginalFrame).ToArray();
        IReadOnlyList<Entry> entries = what switch
        {
            "twice" => [.. run.Entries, chats[0] with { At = _small.Tick() }],
            "order" => JudgeTests.Changed<Heard>(run, it => it == chats[0] ? it with { Frame = chats[1].Frame } : it == chats[1] ? it with { Frame = chats[0].Frame } : it),
            "hole" => [.. run.Entries.Where(entry => !ReferenceEquals(entry, chats[1]))],
            _ => JudgeTests.Changed<Heard>(run, it => it == chats[1] ? it with { Frame = ((OriginalFrame)it.Frame) with { Content = "outro" } } : it),
        };

        JudgeTests.Found(5, words, run with { Entries = entries });
    }

    void Resumed(out Run run, out Heard replay)
    {
        _small.Post(0, SmallRun.General, "um");
        _small.Cut(1);
        _small.Post(0, SmallRun.General, "dois");
        _small.Post(2, SmallRun.General, "três");
        _small.Resume(1);
        _small.Post(0, SmallRun.General, "quatro");
        run = _small.Build();
        replay = run.Entries.OfType<Heard>().Single(static it => it.Frame is RoomChanges);
    }

    static Run Replacing(Run run, Heard replay, Func<RoomChanges, RoomChanges> how) => run with
    {
        Entries = JudgeTests.Changed<Heard>(run, it => ReferenceEquals(it, replay) ? it with { Frame = how((RoomChanges)it.Frame) } : it),
    };

    static Holding Holding(Run run, HeldRoom general) =>
        run.Held[1]! with { Rooms = run.Held[1]!.Rooms.ToDictionary(static it => it.Key, it => it.Key == SmallRun.General ? general : it.Value) };

    // Two posts, one behind the other, whose places are exchanged in the database.
    (Run Run, Message First, Message Second) Swapped(int device, int then)
    {
        var first = _small.Post(device, SmallRun.General, "um");
        var second = _small.Post(then, SmallRun.General, "dois");
        var run = _small.Build();
        return (run with
        {
            Truth = run.Truth with
            {
                Messages = [.. run.Truth.Messages.Select(row => new TrueMessage(
                    row.Id == first.Id ? row.Form with { Seq = second.Seq } : row.Id == second.Id ? row.Form with { Seq = first.Seq } : row.Form))],
            },
        }, first, second);
    }
}
