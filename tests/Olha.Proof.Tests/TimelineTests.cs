namespace Olha.Proof.Tests;

/// <summary>What a person reads of a violation.</summary>
public sealed class TimelineTests
{
    readonly SmallRun _small = new();

    [Fact]
    public void It_shows_what_happened_to_one_message_and_nothing_else()
    {
        _small.Post(2, SmallRun.General, "antes");
        _small.Entries.Add(new Happened(_small.Tick(), "node 0 is killed"));
        var message = _small.Post(0, SmallRun.General, "um");
        _small.Cut(1);
        _small.Edit(0, message, "dois");
        _small.Resume(1);

        var text = Timeline.Of(_small.Build(), new Violation(2, "device 1 lacks message 1/5", SmallRun.General, message.Seq, 1));

        Assert.Equal(
            """
            I2: device 1 lacks message 1/5
            room 1 is number 0 of the plan

                    ms  who
                   3.5  1 bruno1 (12) v1      → hello, connection 2: holds nothing
                   4.0  1 bruno1 (12) v1      ← welcome: room 1 at 7, last message 3, 0 unread (0 mentions) above 2, connection 2
                  12.5  the world             ⚡ node 0 is killed
                  13.0  0 ana0 (11) v1        → #2 post 'um' in room 1, cid c2, connection 1
                  14.0  0 ana0 (11) v1        ← 1/5 at 9: 'um', connection 1
                  14.5  1 bruno1 (12) v1      ← 1/5 at 9: 'um', connection 2
                  15.0  2 carla2 (13) v1      ← 1/5 at 9: 'um', connection 3
                  15.5  3 ana0 (11) original  ← Chat of 11: 'um', connection 4
                  16.0  0 ana0 (11) v1        ← #2 ack 1/5, id 7
                  16.5  1 bruno1 (12) v1      ✕ connection 2 broke
                  17.0  0 ana0 (11) v1        → #3 edit 1/5 to 'dois'
                  18.0  0 ana0 (11) v1        ← 1/5 at 10: 'dois' edited, connection 1
                  18.5  2 carla2 (13) v1      ← 1/5 at 10: 'dois' edited, connection 3
                  19.0  0 ana0 (11) v1        ← #3 done: 1/5 at 10: 'dois' edited
                  19.5  1 bruno1 (12) v1      → hello, connection 5: holds room 1 up to 9
                  20.0  1 bruno1 (12) v1      ← welcome: room 1 at 10, last message 5, 2 unread (0 mentions) above 2, connection 5
                  20.5  1 bruno1 (12) v1      ← changes of room 1 up to 10 of 10: 1/5 at 10: 'dois' edited; 2 unread above 2, connection 5

            """, text);
    }

    [Fact]
    public void Of_a_long_history_it_shows_what_lies_next_to_the_violation()
    {
        for (var post = 0; post < 100; post++) _small.Post(0, SmallRun.General, $"{post}");
        var run = _small.Build();
        var middle = run.Entries.OfType<Answered>().ElementAt(50);

        var lines = Timeline.Of(run, new Violation(5, "another order", SmallRun.General, null, null, middle.At)).Split('\n');

        Assert.InRange(lines.Length, 40, 48);
        Assert.Contains(lines, static line => line.Contains("post '50'", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.Contains("post '10'", StringComparison.Ordinal) || line.Contains("post '90'", StringComparison.Ordinal));
    }
}
