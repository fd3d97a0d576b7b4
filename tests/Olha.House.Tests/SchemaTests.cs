using System.Data.Common;

namespace Olha.House.Tests;

/// <summary>The two migrated schemas are one: the same tables, columns, keys and indexes.</summary>
public sealed class SchemaTests(MigratedDatabases databases) : IClassFixture<MigratedDatabases>
{
    // Both give lines such as "rooms.name text null" and "messages unique (room_id,seq)", spelled alike.
    const string Sqlite = """
        WITH tables AS (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> 'schema_versions'),
        keys AS (
            SELECT t.name AS of_table, i.name, i."unique" AS is_unique, i.partial, i.origin,
                (SELECT group_concat(c.name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c) AS columns
            FROM tables t, pragma_index_list(t.name) i)
        SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END
            || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN '' ELSE ' null' END || coalesce(' default ' || c.dflt_value, '')
        FROM tables t, pragma_table_info(t.name) c
        UNION ALL
        SELECT t.name || ' key (' || (SELECT group_concat(c.name) FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk) c) || ')'
        FROM tables t WHERE EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE pk > 0)
        UNION ALL
        SELECT of_table || CASE is_unique WHEN 1 THEN ' unique (' ELSE ' index (' END || columns || ')'
            || CASE partial WHEN 1 THEN ' where' ELSE '' END || CASE origin WHEN 'c' THEN ' named ' || name ELSE '' END
        FROM keys WHERE origin <> 'pk'
        UNION ALL
        SELECT t.name || '.' || f."from" || ' refers to ' || f."table" || '.' || f."to" FROM tables t, pragma_foreign_key_list(t.name) f
        """;

    const string Postgres = """
        WITH tables AS (
            SELECT c.oid, c.relname::text AS name FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'schema_versions'),
        keys AS (
            SELECT t.name AS of_table, c.relname::text AS name, i.indisunique, i.indisprimary, i.indpred IS NOT NULL AS partial,
                EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) AS of_constraint,
                (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) AS columns
            FROM tables t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid)
        SELECT t.name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN '' ELSE ' null' END
            || coalesce(' default ' || regexp_replace(regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^''(.*)''::bigint$', '\1'), '::text$', ''), '')
        FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
        UNION ALL
        SELECT of_table || CASE WHEN indisprimary THEN ' key (' WHEN indisunique THEN ' unique (' ELSE ' index (' END || columns || ')'
            || CASE WHEN partial THEN ' where' ELSE '' END || CASE WHEN of_constraint THEN '' ELSE ' named ' || name END
        FROM keys
        UNION ALL
        SELECT t.name || '.' || a.attname || ' refers to ' || o.relname || '.' || b.attname
        FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f' JOIN pg_class o ON o.oid = k.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
        JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = k.confkey[1]
        """;

    [Fact]
    public async Task The_two_schemas_are_the_same()
    {
        var (sqlite, postgres) = await BothAsync();

        Assert.Contains("messages unique (room_id,seq) named messages_seq", sqlite);
        Assert.Equal(sqlite, postgres);
    }

    [Theory]
    [InlineData("ALTER TABLE rooms ADD COLUMN planted TEXT", "rooms.planted text null")]
    [InlineData("ALTER TABLE rooms ADD COLUMN planted BIGINT NOT NULL DEFAULT 7", "rooms.planted bigint default 7")]
    [InlineData("CREATE UNIQUE INDEX planted ON rooms (topic, name)", "rooms unique (topic,name) named planted")]
    [InlineData("CREATE INDEX planted ON rooms (topic) WHERE topic IS NOT NULL", "rooms index (topic) where named planted")]
    [InlineData("CREATE TABLE planted (id BIGINT NOT NULL PRIMARY KEY REFERENCES rooms (id))",
        "planted.id bigint|planted key (id)|planted.id refers to rooms.id")]
    public async Task A_difference_between_them_is_found(string change, string found)
    {
        await MigratedDatabases.ExecuteAsync(databases.Sqlite, $"SAVEPOINT planted; {change}");
        try
        {
            var (sqlite, postgres) = await BothAsync();
            Assert.Equal(found.Split('|').Order(StringComparer.Ordinal), sqlite.Except(postgres).Where(line => line != "planted unique (id)"));
        }
        finally
        {
            await MigratedDatabases.ExecuteAsync(databases.Sqlite, "ROLLBACK TO planted; RELEASE planted");
        }
    }

    async Task<(SortedSet<string> Sqlite, SortedSet<string> Postgres)> BothAsync() =>
        (await SetAsync(databases.Sqlite, Sqlite), await SetAsync(databases.Postgres, Postgres));

    static async Task<SortedSet<string>> SetAsync(DbConnection connection, string sql) =>
        new(await MigratedDatabases.LinesAsync(connection, sql), StringComparer.Ordinal);
}
