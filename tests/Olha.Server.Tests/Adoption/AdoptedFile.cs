using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Olha.Server.Tests.Adoption;

/// <summary>A database file, looked at from outside.</summary>
internal sealed class AdoptedFile(string path)
{
    // The epoch's nonce is new at each start, and the epoch at each first one.
    const string Tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('epoch', 'schema_versions') ORDER BY name";

    /// <summary>A query's rows, columns joined by bars.</summary>
    public List<string> Rows(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadWrite");
        connection.Open();
        return Rows(connection, sql);
    }

    public string Row(string sql) => Assert.Single(Rows(sql));

    /// <summary>Everything in it, and the schema.</summary>
    public List<string> Dump()
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadWrite");
        connection.Open();
        var dump = Rows(connection, "SELECT type, name, sql FROM sqlite_master ORDER BY type, name");
        foreach (var table in Rows(connection, Tables)) dump.AddRange(Rows(connection, $"SELECT '{table}', * FROM {table} ORDER BY 2, 3"));
        dump.AddRange(Rows(connection, "SELECT version, name, checksum, success FROM schema_versions ORDER BY id"));
        return dump;
    }

    /// <summary>Whether it is ours; otherwise it is the original's, whole and sound.</summary>
    public bool IsAdopted()
    {
        Assert.Equal("ok", Row("PRAGMA integrity_check"));
        return Rows("SELECT name FROM sqlite_master WHERE name IN ('schema_versions', 'schema_migrations')") switch
        {
            ["schema_versions"] => true,
            ["schema_migrations"] => false,
            var both => throw new InvalidOperationException($"It is neither one nor the other: {string.Join(", ", both)}"),
        };
    }

    /// <summary>All that must be true of any database of ours, and that everybody is everywhere and has read everything.</summary>
    public AdoptedFile IsSound()
    {
        Assert.Equal("ok", Row("PRAGMA integrity_check"));
        Assert.Empty(Rows("PRAGMA foreign_key_check"));
        Assert.Equal("1", Row("SELECT COUNT(*) FROM rooms WHERE is_general = 1"));

        // Each stream's revisions run from 1 to its head, none missing, none twice.
        Gapless("SELECT rev FROM users", "SELECT last_rev FROM server");
        foreach (var room in Rows("SELECT id FROM rooms"))
        {
            Gapless($"SELECT seq FROM messages WHERE room_id = {room}", $"SELECT last_seq FROM rooms WHERE id = {room}");
            Gapless($"""
                SELECT rev FROM rooms WHERE id = {room} UNION ALL SELECT rev FROM memberships WHERE room_id = {room}
                UNION ALL SELECT rev FROM messages WHERE room_id = {room}
                """, $"SELECT last_rev FROM rooms WHERE id = {room}");
        }
        foreach (var person in Rows("SELECT id FROM users"))
            Gapless($"SELECT person_rev FROM memberships WHERE user_id = {person}", $"SELECT last_rev FROM users WHERE id = {person}");

        Assert.Empty(Rows("SELECT 1 FROM memberships m JOIN rooms r ON r.id = m.room_id WHERE m.joined <> 1 OR m.mark <> r.last_seq"));
        Assert.Empty(Rows("SELECT m.seq FROM messages m JOIN messages n USING (room_id) WHERE m.seq = n.seq + 1 AND m.created_at < n.created_at"));
        return this;
    }

    void Gapless(string revs, string head) =>
        Assert.Equal(
            Enumerable.Range(1, int.Parse(Row(head), CultureInfo.InvariantCulture)),
            Rows(revs).Select(rev => int.Parse(rev, CultureInfo.InvariantCulture)).Order());

    static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        var rows = new List<string>();
        while (row.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }
}
