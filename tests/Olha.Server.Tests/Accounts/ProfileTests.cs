using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

public sealed class ProfileTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_new_display_name_is_heard_by_everybody_and_found_among_the_changes()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();

        var me = await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(" Ana Terra "));

        Assert.Equal("Ana Terra", me.DisplayName);
        Assert.Equal(me, (await ear.NextAsync<PersonChange>(it => it.Person.Id == ana.Id)).Person);
        var changes = await bruno.GetAsync<StreamChanges>($"/api/v1/people/changes?after={me.Rev - 1}");
        Assert.Equal(new PersonChange(me.Rev, me), changes.Changes[0]);
        Assert.Equal(changes.Head, changes.Complete);
        Assert.Contains(me, (await bruno.GetAsync<PeopleList>("/api/v1/people")).People);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Same")]
    public async Task What_stays_as_it_is_is_no_change(string? name)
    {
        using var ana = await server.SignUpAsync();
        var before = await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody("Same"));

        Assert.Equal(before, await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\u202Eb")]
    [InlineData("a\0b")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")] // 65
    public async Task A_name_that_cannot_be_shown_is_refused(string name)
    {
        using var ana = await server.SignUpAsync();
        var problem = await ana.RefusedAsync(HttpMethod.Patch, "/api/v1/me", new ProfileBody(name));
        Assert.Equal((400, "invalid_name"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task Who_is_up_to_date_has_missed_nothing()
    {
        using var ana = await server.SignUpAsync();
        var people = await ana.GetAsync<PeopleList>("/api/v1/people");

        var changes = await ana.GetAsync<StreamChanges>($"/api/v1/people/changes?after={people.Complete}");

        Assert.Empty(changes.Changes);
        Assert.Equal(people.Complete, changes.Complete);
    }
}

/// <summary>The server's stream from its beginning.</summary>
public sealed class PeopleStreamTests
{
    [Fact]
    public async Task Changes_come_in_order_and_say_up_to_where_they_are_complete()
    {
        await using var server = await ChatServer.StartAsync(options => options);
        var guests = new List<Guest>();
        for (var i = 0; i < 5; i++) guests.Add(await server.SignUpAsync());
        await guests[1].PatchAsync<Person>("/api/v1/me", new ProfileBody("Changed"));

        var changes = await guests[0].GetAsync<StreamChanges>("/api/v1/people/changes");

        Assert.Equal([1, 3, 4, 5, 6], changes.Changes.Select(change => change.Rev)); // 2 was superseded by 6
        Assert.Equal((6, 6), (changes.Complete, changes.Head));
        foreach (var guest in guests) guest.Dispose();
    }
}
