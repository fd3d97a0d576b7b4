using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

public sealed class StatusTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_status_is_heard_by_everybody_found_among_the_changes_and_cleared_by_an_empty_one()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();
        Assert.Null(ana.Me.Status);

        var me = await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Status: " 🌴 de férias "));

        Assert.Equal(("🌴 de férias", ana.Me.DisplayName), (me.Status, me.DisplayName));
        Assert.True(me.Rev > ana.Me.Rev);
        Assert.Equal(me, (await ear.NextAsync<PersonChange>(it => it.Person.Id == ana.Id)).Person);
        Assert.Contains(me, (await bruno.GetAsync<PeopleList>("/api/v1/people")).People);
        await using var later = await bruno.ListenAsync();
        Assert.Contains(me, later.Welcome.People);

        // Another field leaves it alone.
        Assert.Equal("🌴 de férias", (await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody("Ana Terra"))).Status);
        Assert.Null((await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Status: " "))).Status);
        Assert.Null((await ear.NextAsync<PersonChange>(it => it.Person.Id == ana.Id && it.Person.Status is null)).Person.Status);
    }

    [Fact]
    public async Task The_same_status_again_is_no_change()
    {
        using var ana = await server.SignUpAsync();
        var before = await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Status: "aqui"));

        Assert.Equal(before, await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Status: "aqui ")));
        Assert.Equal(before, await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody()));
    }

    [Fact]
    public async Task A_status_has_at_most_a_hundred_characters_however_many_bytes_they_are()
    {
        using var ana = await server.SignUpAsync();
        var longest = string.Concat(Enumerable.Repeat("🌊", 100));

        Assert.Equal(longest, (await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Status: longest))).Status);
        var problem = await ana.RefusedAsync(HttpMethod.Patch, "/api/v1/me", new ProfileBody(Status: longest + "!"));
        Assert.Equal((400, "invalid_status"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("a\u202Eb")]
    [InlineData("a\nb")]
    [InlineData("\u200B\u200B")]
    public async Task A_status_that_cannot_be_shown_on_one_line_is_refused(string status)
    {
        using var ana = await server.SignUpAsync();
        Assert.Equal("invalid_status", (await ana.RefusedAsync(HttpMethod.Patch, "/api/v1/me", new ProfileBody(Status: status))).Code);
    }
}
