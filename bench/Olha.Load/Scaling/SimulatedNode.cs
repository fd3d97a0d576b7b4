using Microsoft.Extensions.Logging.Abstractions;
using Olha.Bench;
using Olha.Fanout;
using Olha.Server.Cluster;
using Olha.Server.Live;

namespace Olha.Load;

/// <summary>A node as the program is put together, without a door and a database: backplane, delivery, hub, announcer and shared limits are
/// those that are shipped.</summary>
internal sealed class SimulatedNode : IAsyncDisposable
{
    readonly int _number;
    readonly Ledger _ledger;
    readonly Hub _hub = new();
    readonly RedisBackplane _backplane;
    readonly Delivery _delivery;
    readonly Announcer _announcer;
    readonly SharedLimits _limits;
    readonly Connection _connection = new(new CountingSink(), tag: 1, new OutboxLimits(), TimeProvider.System, held: false);

    public SimulatedNode(int number, string redis, string epoch, Ledger ledger)
    {
        (_number, _ledger) = (number, ledger);
        var missed = new MissedChanges();
        missed.Register(Topics.Room(0), ledger.AfterAsync, ledger.HeadsAsync);
        _backplane = new RedisBackplane(RedisUrl.Parse(redis), epoch, TimeProvider.System, NullLogger<RedisBackplane>.Instance);
        _delivery = new Delivery(_hub, missed, TimeProvider.System, NullLogger<Delivery>.Instance);
        _announcer = new Announcer(_backplane);
        _limits = new SharedLimits(_backplane, TimeProvider.System);
        _hub.Add(_connection);
    }

    public IBackplane Backplane => _backplane;
    public Hub Hub => _hub;

    /// <summary>Others' messages that were delivered here, and that concerned nobody here.</summary>
    public (long Taken, long Dropped) Counts => _backplane.Counts;

    /// <summary>Hints that did not leave.</summary>
    public long Untold => _backplane.Untold;

    public async Task StartAsync(CancellationToken ct)
    {
        _backplane.Start(_delivery.IsServed, signal =>
        {
            if (signal is Signal.Spent spent) _limits.Hear(spent);
            else _delivery.Take(signal);
        });
        await _announcer.StartAsync(ct);
        await _limits.StartAsync(ct);
    }

    /// <summary>Completes when it hears the others.</summary>
    public async Task HearsAsync(CancellationToken ct)
    {
        var hears = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _backplane.HearingChanged += Look;
        Look();
        await hears.Task.WaitAsync(TimeSpan.FromSeconds(60), ct);
        _backplane.HearingChanged -= Look;

        void Look()
        {
            if (_backplane.Hearing is Hearing.Live) hears.TrySetResult();
        }
    }

    /// <summary>Somebody here is in a room.</summary>
    /// <param name="room">0 to the count - 1.</param>
    public void Join(int room)
    {
        _hub.Join(Topics.Room(room + 1), _connection);
        _delivery.Listen(Topics.Room(room + 1), head: 0, round => _ledger.Hear(room, _number, round));
    }

    /// <summary>Somebody here says something.</summary>
    /// <param name="room">0 to the count - 1.</param>
    /// <param name="isLimited">Whether it counts against what they may say.</param>
    public void Say(int room, bool isLimited)
    {
        _announcer.Announce(Topics.Room(room + 1), _ledger.ChangeOf(room, _ledger.Next(room, _number)));
        if (isLimited) _limits.Spend(Limit.Talk, 1000 + _number);
    }

    public async ValueTask DisposeAsync()
    {
        await _limits.StopAsync(CancellationToken.None);
        await _announcer.StopAsync(CancellationToken.None);
        await _backplane.DisposeAsync();
        _limits.Dispose();
    }
}
