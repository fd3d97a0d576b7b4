using Microsoft.Extensions.Time.Testing;

namespace Olha.Fanout.Tests;

public sealed class LocalBackplaneTests
{
    readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task What_is_published_is_received_in_order()
    {
        await using var backplane = new LocalBackplane(_clock);
        var received = new List<Signal>();
        backplane.Start(static _ => true, received.Add);
        Signal[] said = [new Signal.Follow(Some.Person, Some.Room), new Signal.Say(Some.Frame("a", Some.Room, 1)), new Signal.Unfollow(Some.Person, Some.Room)];

        foreach (var signal in said) backplane.Publish(signal);

        Assert.Equal(said, received);
    }

    [Fact]
    public async Task Members_of_a_set_expire_unless_they_are_kept()
    {
        const long ana = 1, bruno = 2;
        await using var backplane = new LocalBackplane(_clock);
        await backplane.KeepAsync("presence", ana, TimeSpan.FromSeconds(45));
        await backplane.KeepAsync("presence", bruno, TimeSpan.FromSeconds(45));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await backplane.KeepAsync("presence", ana, TimeSpan.FromSeconds(45));

        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal([ana], await PresentAsync(backplane));
        await backplane.KeepAsync("presence", ana, TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(await PresentAsync(backplane));
    }

    static async Task<List<long>> PresentAsync(LocalBackplane backplane)
    {
        var members = new List<long>();
        await backplane.MembersAsync("presence", members);
        return members;
    }
}
