using Olha.Protocol;

namespace Olha.Server.Tests.Accounts;

/// <summary>What a profile says besides the name: pronouns and the time zone.</summary>
public sealed class PronounTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task They_are_heard_by_everybody_and_cleared_by_empty_ones()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();

        var me = await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Pronouns: " ela/dela ", TimeZone: "America/Sao_Paulo"));

        Assert.Equal(("ela/dela", "America/Sao_Paulo", ana.Me.DisplayName), (me.Pronouns, me.TimeZone, me.DisplayName));
        Assert.Equal(me, (await ear.NextAsync<PersonChange>(it => it.Person.Id == ana.Id)).Person);
        Assert.Equal(me with { Rev = me.Rev + 1, Status = "aqui" }, await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Status: "aqui")));
        var cleared = await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(Pronouns: "", TimeZone: " "));
        Assert.Equal((null, null, "aqui"), (cleared.Pronouns, cleared.TimeZone, cleared.Status));
    }

    [Theory]
    [InlineData("01234567890123456789012345678901234567890")]
    [InlineData("a\u202Eb")]
    [InlineData("a\nb")]
    public async Task Pronouns_that_cannot_be_shown_on_one_line_are_refused(string pronouns)
    {
        using var ana = await server.SignUpAsync();
        var problem = await ana.RefusedAsync(HttpMethod.Patch, "/api/v1/me", new ProfileBody(Pronouns: pronouns));
        Assert.Equal((400, "invalid_pronouns"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Lisbon")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("America/Port-au-Prince")]
    [InlineData("Etc/GMT+3")]
    public async Task Names_of_the_time_zone_database_are_taken(string name)
    {
        using var ana = await server.SignUpAsync();
        Assert.Equal(name, (await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody(TimeZone: name))).TimeZone);
    }

    [Theory]
    [InlineData("Lisbon")]
    [InlineData("Narnia/Cair_Paravel")]
    [InlineData("Europe/")]
    [InlineData("europe/lisbon")]
    [InlineData("Europe/../../etc/passwd")]
    [InlineData("Europe/Lis bon")]
    [InlineData("Europe/<b>")]
    [InlineData("America/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_such_name_is_refused(string name)
    {
        using var ana = await server.SignUpAsync();
        var problem = await ana.RefusedAsync(HttpMethod.Patch, "/api/v1/me", new ProfileBody(TimeZone: name));
        Assert.Equal((400, "invalid_time_zone"), (problem.Status, problem.Code));
    }
}
