using Microsoft.Extensions.Time.Testing;

namespace Olha.Fanout.Tests;

public sealed class HeartbeatTests
{
    readonly FakeTimeProvider _clock = new();
    readonly Hub _hub = new();
    readonly RecordingSink _sink = new();
    readonly Heartbeat _heartbeat;
    readonly Connection _connection;
    int _pings;

    public HeartbeatTests()
    {
        _connection = Some.Connection(_sink, clock: _clock);
        _hub.Add(_connection);
        _heartbeat = new Heartbeat(_hub, new HeartbeatTimes(TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(10)), _clock)
        {
            Ping = (_, _) => Some.Frame($"ping {++_pings}"),
            Silent = static it => it.Close(4002, "silent", null),
        };
    }

    void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _heartbeat.Beat();
        }
    }

    [Fact]
    public void A_connection_is_pinged_once_an_interval_while_it_answers()
    {
        // It is seen after 1 s, and first pinged at a random moment of the 25 s that follow.
        for (var i = 0; i < 1 + 4 * 25; i++)
        {
            Pass(1);
            _connection.Hear();
        }

        Assert.Equal(4, _pings);
        Assert.False(_connection.IsClosing);
    }

    [Fact]
    public void Silence_after_a_ping_closes()
    {
        Pass(26);
        Assert.Equal(1, _pings);
        Assert.False(_connection.IsClosing && _connection.CloseCode != 4002);

        Pass(11);

        Assert.Equal(4002, _connection.CloseCode);
    }

    [Fact]
    public void A_connection_that_may_not_be_pinged_yet_is_left_alone()
    {
        var quiet = new Heartbeat(_hub, new HeartbeatTimes(TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(10)), _clock)
        {
            Ping = static (_, _) => null,
            Silent = static it => it.Close(4002, "silent", null),
        };

        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            quiet.Beat();
        }

        Assert.False(_connection.IsClosing);
    }
}
