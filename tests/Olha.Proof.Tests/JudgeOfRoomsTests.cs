using Olha.Protocol;

namespace Olha.Proof.Tests;

/// <summary>As <see cref="JudgeTests"/>, for who may hear of a room and what is unread in it: I6 and I8.</summary>
public sealed class JudgeOfRoomsTests
{
    readonly SmallRun _small = new();

    // I6

    [Fact]
    public void What_was_said_after_somebody_was_removed_and_reaches_them_is_found()
    {
        _small.Remove(0, SmallRun.Closed, 12);
        _small.Post(0, SmallRun.Closed, "sem 12");

        JudgeTests.Found(6, "which they were in only from", AlsoHeardBy(1, "sem 12"));
    }

    [Fact]
    public void The_line_of_ones_own_removal_is_not_for_the_removed()
    {
        _small.Remove(0, SmallRun.Closed, 12);
        var run = _small.Build();
        var line = run.Truth.Messages.Last(static row => row.RoomId == SmallRun.Closed);

        JudgeTests.Found(6, "heard message 2/3", run with { Entries = [.. run.Entries, HeardBy(1, line.Form)] });
    }

    [Fact]
    public void What_was_said_in_a_closed_room_and_reaches_who_never_was_in_it_is_found()
    {
        _small.Post(0, SmallRun.Closed, "segredo");

        JudgeTests.Found(6, "which they never were in", AlsoHeardBy(2, "segredo"));
    }

    [Fact]
    public void What_somebody_says_in_a_room_that_they_are_not_in_is_found()
    {
        _small.Remove(0, SmallRun.Closed, 12);
        _small.Post(1, SmallRun.Closed, "de fora");

        JudgeTests.Found(6, "was said by person 12 in a room which they were in only from", _small.Build());
    }

    [Fact]
    public void In_a_cluster_it_may_come_for_two_seconds_and_no_longer()
    {
        _small.Remove(0, SmallRun.Closed, 12);
        _small.Post(0, SmallRun.Closed, "sem 12");
        var soon = AlsoHeardBy(1, "sem 12") with { RevocationLag = TimeSpan.FromSeconds(2) };
        _small.Wait(3_000_000);
        var late = AlsoHeardBy(1, "sem 12") with { RevocationLag = TimeSpan.FromSeconds(2) };

        Assert.DoesNotContain(Judge.Verdict(soon), static violation => violation.Invariant == 6);
        JudgeTests.Found(6, "which they were in only from", late);
    }

    [Fact]
    public void Who_comes_back_may_read_what_was_said_meanwhile()
    {
        _small.Remove(0, SmallRun.Closed, 12);
        _small.Post(0, SmallRun.Closed, "sem 12");
        _small.Invite(0, SmallRun.Closed, 12);
        _small.Page(4, SmallRun.Closed);

        Assert.Empty(Judge.Verdict(_small.Build()));
    }

    [Fact]
    public void A_page_that_is_read_after_the_removal_is_found()
    {
        _small.Remove(0, SmallRun.Closed, 12);
        _small.Page(4, SmallRun.Closed);

        JudgeTests.Found(6, "was given a page of room 2", _small.Build());
    }

    [Fact]
    public void Typing_that_is_heard_long_after_the_removal_is_found()
    {
        _small.Typing(1, SmallRun.Closed, 11);
        _small.Remove(0, SmallRun.Closed, 12);
        _small.Wait(5_000_000);
        Assert.Empty(Judge.Verdict(_small.Build()));

        _small.Typing(1, SmallRun.Closed, 11);

        JudgeTests.Found(6, "who types in room 2", _small.Build());
    }

    // I8

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void A_count_of_a_node_that_is_wrong_is_found(long unread, long mentions)
    {
        _small.Post(0, SmallRun.General, "um", mentions: [12]);
        var run = _small.Build();
        var places = run.Served[0].Places.ToDictionary();
        places[(12, SmallRun.General)] = places[(12, SmallRun.General)] with { Unread = 1 + unread, Mentions = 1 - mentions };

        JudgeTests.Found(8, "node 0 tells person 12 of room 1", run with { Served = [run.Served[0] with { Places = places }, run.Served[1]] });
    }

    [Fact]
    public void A_tombstone_that_a_device_still_counts_is_found()
    {
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Delete(0, message);
        var run = _small.Build();

        JudgeTests.Found(8, "device 1 shows in room 1 1 unread", run with
        {
            Held = [.. run.Held.Select(static (held, device) => device != 1 ? held : held! with
            {
                Rooms = held.Rooms.ToDictionary(static it => it.Key, static it => it.Key == SmallRun.General ? it.Value with { Unread = 1 } : it.Value),
            })],
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mention_that_is_stored_wrongly_is_found(bool missing)
    {
        _small.Post(0, SmallRun.General, "um", mentions: [12]);
        var run = _small.Build();

        JudgeTests.Found(8, missing ? "no mention of it is stored" : "which does not mean them", run with
        {
            Truth = run.Truth with { Mentions = missing ? [] : [.. run.Truth.Mentions, new TrueMention(SmallRun.General, 13, 4, 11, "name")] },
        });
    }

    [Fact]
    public void A_count_that_was_wrong_only_when_it_was_told_is_found()
    {
        _small.Post(0, SmallRun.General, "um");
        _small.Read(1, SmallRun.General, 3);
        _small.Post(0, SmallRun.General, "dois");
        var run = _small.Build();

        Assert.Empty(Judge.Verdict(run));
        JudgeTests.Found(8, "was told 5 unread", run with
        {
            Entries = JudgeTests.Changed<Heard>(run, static it => it.Frame is PlaceChange change
                ? it with { Frame = change with { Place = change.Place with { Unread = 5 } } }
                : it),
        });
    }

    Run AlsoHeardBy(int device, string body)
    {
        var run = _small.Build();
        return run with { Entries = [.. run.Entries, HeardBy(device, run.Truth.Messages.Single(row => row.Form.Body == body).Form)] };
    }

    Heard HeardBy(int device, Message message) =>
        new(_small.Tick(), device, _small.ConnectionOf(device), new MessageChange(message.RoomId, message.Rev, message));
}
