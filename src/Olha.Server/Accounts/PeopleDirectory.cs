using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Everybody with an account, as everybody sees them, and what changed in the server's stream.</summary>
internal sealed class PeopleDirectory(ServerStore server)
{
    /// <summary>Changes in one answer.</summary>
    public const int Most = 500;

    const string Columns = "id, username, display_name, color, role, rev";

    const string Everybody = $"SELECT {Columns} FROM users ORDER BY id";

    // By the unique index on rev.
    const string Changed = $"SELECT {Columns} FROM users WHERE rev > @after ORDER BY rev LIMIT @limit";

    const string Find = $"SELECT {Columns} FROM users WHERE id = @user";

    public async Task<IReadOnlyList<Person>> EverybodyAsync(Session session) => ToPeople(
        await session.Connection.QueryAsync<PersonRow>(Everybody, transaction: session.DbTransaction));

    /// <summary>Those who came or changed after a revision of the server's stream, in that order.</summary>
    public async Task<IReadOnlyList<Person>> ChangedAsync(Session session, long after, int limit) => ToPeople(
        await session.Connection.QueryAsync<PersonRow>(Changed, new { after, limit }, session.DbTransaction));

    public async Task<Person?> FindAsync(Session session, long userId) =>
        (await session.Connection.QueryFirstOrDefaultAsync<PersonRow>(Find, new { user = userId }, session.DbTransaction))?.ToPerson();

    /// <summary>Everybody, and the head of the stream in the same snapshot.</summary>
    public async Task<PeopleList> ListAsync(Session session) =>
        new(await EverybodyAsync(session), (await server.FindAsync(session)).LastRev);

    /// <summary>The server's stream after a revision: people and settings, each once, in its present form.</summary>
    public async Task<StreamChanges> ChangesAsync(Session session, long after)
    {
        var row = await server.FindAsync(session);
        var people = await ChangedAsync(session, after, Most);
        var complete = people.Count < Most ? row.LastRev : people[^1].Rev;

        IEnumerable<Change> changes = people.Select(person => new PersonChange(person.Rev, person));
        if (row.Rev > after && row.Rev <= complete) changes = changes.Append(new SettingsChange(row.Rev, row.ToSettings())).OrderBy(change => change.Rev);
        return new StreamChanges(complete, row.LastRev, [.. changes]);
    }

    static Person[] ToPeople(IEnumerable<PersonRow> rows) => [.. rows.Select(row => row.ToPerson())];
}

/// <summary>A row of <c>users</c> without its secrets.</summary>
internal sealed record PersonRow(long Id, string Username, string DisplayName, long Color, string Role, long Rev)
{
    public Person ToPerson() => new(Id, Username, DisplayName, Palette.Css(Color), Roles.Parse(Role), Rev);
}
