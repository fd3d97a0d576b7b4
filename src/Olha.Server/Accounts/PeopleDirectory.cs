using System.Data.Common;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Everybody with an account, as everybody sees them, and what changed in the server's stream.</summary>
internal sealed class PeopleDirectory(ServerStore server)
{
    /// <summary>Changes in one answer.</summary>
    public const int Most = 500;

    const string Columns = "id, username, display_name, color, role, rev, status, state, pronouns, time_zone";

    const string Everybody = $"SELECT {Columns} FROM users ORDER BY id";

    // By the unique index on rev.
    const string Changed = $"SELECT {Columns} FROM users WHERE rev > @after ORDER BY rev LIMIT @limit";

    const string Find = $"SELECT {Columns} FROM users WHERE id = @user";

    public ValueTask<List<Person>> EverybodyAsync(Session session) => session.ListAsync(Everybody, Read);

    /// <summary>Those who came or changed after a revision of the server's stream, in that order.</summary>
    public ValueTask<List<Person>> ChangedAsync(Session session, long after, int limit) =>
        session.ListAsync(Changed, Read, ("@after", after), ("@limit", limit));

    public ValueTask<Person?> FindAsync(Session session, long userId) => session.FirstOrDefaultAsync(Find, Read, ("@user", userId));

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
        if (row.Rev > after && row.Rev <= complete) changes = changes.Append(new SettingsChange(row.Rev, server.SettingsOf(row))).OrderBy(change => change.Rev);
        return new StreamChanges(complete, row.LastRev, [.. changes]);
    }

    /// <summary>Reads a person from the first ten columns, which stand in the record's order.</summary>
    public static Person Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), Palette.Css(row.GetInt64(3)), Roles.Parse(row.GetString(4)), row.GetInt64(5),
        TextOrNull(row, 6), States.Parse(row.GetString(7)) is var state and not PersonState.Active ? state : null, TextOrNull(row, 8), TextOrNull(row, 9));

    static string? TextOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
