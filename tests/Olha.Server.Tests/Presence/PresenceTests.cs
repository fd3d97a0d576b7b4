using Olha.Protocol;
using Olha.Server.Presence;
using Olha.Storage;

namespace Olha.Server.Tests.Presence;

public sealed class PresenceTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Who_is_idle_on_every_device_is_away_and_back_with_the_first_that_is_not()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();
        await using var laptop = await ana.ListenAsync();
        await using var phone = await ana.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));

        await laptop.SendAsync(new Attention(false));
        await laptop.SendAsync(new Attention(false)); // said twice, counted once
        await SettledAsync(bruno);
        Assert.Equal(PresenceState.Online, (await StateOfAsync(bruno, ana)).State);

        await phone.SendAsync(new Attention(false));
        Assert.DoesNotContain(ana.Id, (await ear.NextAsync<PresenceChange>(it => it.Away.Contains(ana.Id))).Offline);
        Assert.Equal(new PersonPresence(PresenceState.Away, null), await StateOfAsync(bruno, ana));
        var everybody = await bruno.GetAsync<OnlineList>("/api/v1/presence");
        Assert.Contains(ana.Id, everybody.Online);
        Assert.Contains(ana.Id, everybody.Away);
        Assert.DoesNotContain(bruno.Id, everybody.Away);

        await phone.SendAsync(new Attention(true));
        Assert.DoesNotContain(ana.Id, (await ear.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id))).Away);
        Assert.Equal(PresenceState.Online, (await StateOfAsync(bruno, ana)).State);
    }

    [Fact]
    public async Task Who_comes_is_told_who_is_away()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var witness = await bruno.ListenAsync();
        await using var idle = await ana.ListenAsync();
        await idle.SendAsync(new Attention(false));
        await witness.NextAsync<PresenceChange>(it => it.Away.Contains(ana.Id));

        await using var ear = await bruno.ListenAsync();

        var everybody = await ear.NextAsync<EverybodyOnline>();
        Assert.Contains(ana.Id, everybody.Ids);
        Assert.Contains(ana.Id, everybody.Away);
    }

    [Fact]
    public async Task An_idle_device_that_stays_is_away_when_the_active_one_goes_and_a_new_one_is_active()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();
        await using var phone = await ana.ListenAsync();
        var laptop = await ana.ListenAsync();
        await phone.SendAsync(new Attention(false));
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));

        await laptop.DisposeAsync();
        Assert.DoesNotContain(ana.Id, (await ear.NextAsync<PresenceChange>(it => it.Away.Contains(ana.Id))).Offline);

        await using var another = await ana.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));
    }

    [Fact]
    public async Task An_idle_device_that_goes_leaves_an_active_one_active()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();
        await using var laptop = await ana.ListenAsync();
        var phone = await ana.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));
        await phone.SendAsync(new Attention(false));
        await SettledAsync(bruno);
        await phone.DisposeAsync();
        await SettledAsync(bruno);
        Assert.Equal(PresenceState.Online, (await StateOfAsync(bruno, ana)).State);

        // And when that one turns away nobody is left who is active.
        await laptop.SendAsync(new Attention(false));
        await ear.NextAsync<PresenceChange>(it => it.Away.Contains(ana.Id));
    }

    [Fact]
    public async Task An_attention_that_says_nothing_is_refused()
    {
        using var ana = await server.SignUpAsync();
        await using var ear = await ana.ListenAsync();

        await ear.SendAsync("""{"type":"active"}""");

        var refused = await ear.NextAsync<Refused>();
        Assert.Equal(("active", "invalid_field"), (refused.Of, refused.Code));
    }

    [Fact]
    public async Task Somebody_who_has_gone_was_last_seen_then_and_nobody_else_was_told()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();
        Assert.Equal(new PersonPresence(PresenceState.Offline, null), await StateOfAsync(bruno, ana));
        var socket = await ana.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));
        Assert.Equal(new PersonPresence(PresenceState.Online, null), await StateOfAsync(bruno, ana));
        var before = DateTimeOffset.UtcNow;

        await socket.DisposeAsync();
        await ear.NextAsync<PresenceChange>(it => it.Offline.Contains(ana.Id));

        var seen = await StateOfAsync(bruno, ana);
        Assert.Equal(PresenceState.Offline, seen.State);
        Assert.InRange(seen.LastSeenAt!.Value, before.AddSeconds(-1), DateTimeOffset.UtcNow);
        Assert.Equal(ana.Me.Rev, (await bruno.GetAsync<PeopleList>("/api/v1/people")).People.Single(it => it.Id == ana.Id).Rev);
    }

    [Fact]
    [Trait(ChatServer.Inside, "")]
    public async Task When_somebody_was_last_seen_is_kept_and_does_not_go_back()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();
        var socket = await ana.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));
        await socket.DisposeAsync();
        await ear.NextAsync<PresenceChange>(it => it.Offline.Contains(ana.Id));
        var told = (await StateOfAsync(bruno, ana)).LastSeenAt;

        var lastSeen = server.Get<LastSeen>();
        await lastSeen.StoreAsync(TestContext.Current.CancellationToken);

        // Nothing waits any more: it is the stored one that is told.
        Assert.Equal(told, (await StateOfAsync(bruno, ana)).LastSeenAt);
        var accounts = server.Get<Server.Accounts.AccountStore>();
        await server.Get<Database>().WriteAsync(async tx =>
        {
            await accounts.SetLastSeenAsync(tx, ana.Id, told!.Value.AddHours(-1));
            return true;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(told, (await StateOfAsync(bruno, ana)).LastSeenAt);
    }

    [Fact]
    public async Task Of_nobody_there_is_no_presence_and_a_stranger_may_not_ask()
    {
        using var ana = await server.SignUpAsync();
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/people/999999/presence")).Code);
        using var stranger = server.Stranger();
        Assert.Equal("no_session", (await stranger.RefusedAsync(HttpMethod.Get, $"/api/v1/people/{ana.Id}/presence")).Code);
    }

    static Task<PersonPresence> StateOfAsync(Guest who, Guest whom) => who.GetAsync<PersonPresence>($"/api/v1/people/{whom.Id}/presence");

    // A comparison that comes after everything so far: somebody who comes now is told of by it.
    async Task SettledAsync(Guest witness)
    {
        using var newcomer = await server.SignUpAsync("newcomer");
        await using var ear = await witness.ListenAsync();
        await using var socket = await newcomer.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(newcomer.Id));
    }
}
