using Npgsql;

namespace Olha.Storage.Moving;

/// <summary>The tables of a migrated PostgreSQL database, each behind those that it refers to.</summary>
internal static class TargetTables
{
    // What PostgreSQL makes of other columns by itself is made there anew. Each start has an epoch's row of its own making.
    const string ColumnsPostgres = """
        SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attidentity <> '',
            coalesce(array_position(k.conkey, a.attnum), 0)
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
        WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
            AND c.relname NOT IN ('schema_versions', 'epoch', 'olha_move', 'olha_move_tables')
        ORDER BY c.relname, a.attnum
        """;

    const string ReferencesPostgres = """
        SELECT DISTINCT c.relname::text, o.relname::text FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class o ON o.oid = k.confrelid
        WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND c.relnamespace = current_schema()::regnamespace
        """;

    public static async Task<IReadOnlyList<MovedTable>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var columns = new List<(string Table, MovedColumn Column, int Key)>();
        await using (var command = new NpgsqlCommand(ColumnsPostgres, connection))
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct))
                columns.Add((row.GetString(0), new(row.GetString(1), KindOf(row.GetString(2)), row.GetBoolean(3)), row.GetInt32(4)));

        var references = new List<(string Table, string Other)>();
        await using (var command = new NpgsqlCommand(ReferencesPostgres, connection))
        await using (var row = await command.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct)) references.Add((row.GetString(0), row.GetString(1)));

        return InOrder([.. columns.GroupBy(it => it.Table).Select(Table)], references.ToLookup(it => it.Table, it => it.Other));
    }

    static MovedTable Table(IGrouping<string, (string Table, MovedColumn Column, int Key)> its)
    {
        var columns = its.ToList();
        var key = columns.Index().Where(it => it.Item.Key > 0).OrderBy(it => it.Item.Key).Select(it => it.Index).ToList();
        if (key.Count == 0) throw new InvalidOperationException($"{its.Key} has no primary key: nobody could say where a copy of it stopped.");
        return new(its.Key, [.. columns.Select(it => it.Column)], key);
    }

    static List<MovedTable> InOrder(List<MovedTable> tables, ILookup<string, string> references)
    {
        var ordered = new List<MovedTable>();
        while (tables.Count > 0)
        {
            var ready = tables.Where(table => !references[table.Name].Any(other => tables.Exists(it => it.Name == other))).ToList();
            if (ready.Count == 0) throw new InvalidOperationException($"These tables refer to each other: {string.Join(", ", tables.Select(it => it.Name))}.");
            ordered.AddRange(ready);
            tables.RemoveAll(ready.Contains);
        }
        return ordered;
    }

    static ColumnKind KindOf(string type) => type switch
    {
        "bigint" => ColumnKind.Integer,
        "double precision" => ColumnKind.Real,
        "text" => ColumnKind.Text,
        "bytea" => ColumnKind.Bytes,
        _ => throw new InvalidOperationException($"The schema has a column of the type {type}, which does not move yet."),
    };
}
