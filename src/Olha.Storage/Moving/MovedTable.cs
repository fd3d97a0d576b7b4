namespace Olha.Storage.Moving;

/// <summary>What a column holds: all that the schema stores.</summary>
internal enum ColumnKind { Integer, Real, Text, Bytes }

/// <summary>A column of a table that moves.</summary>
/// <param name="Name">As both databases call it.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsIdentity">Whether PostgreSQL counts it on by itself.</param>
internal sealed record MovedColumn(string Name, ColumnKind Kind, bool IsIdentity);

/// <summary>A table that moves, as PostgreSQL describes it. The SQL about it is made of names of the schema, and of nothing that
/// anybody typed: a table that a later schema script adds moves without a word here.</summary>
/// <param name="Name">As both databases call it.</param>
/// <param name="Columns">In PostgreSQL's order.</param>
/// <param name="Key">Places of the primary key's columns in <paramref name="Columns"/>.</param>
internal sealed record MovedTable(string Name, IReadOnlyList<MovedColumn> Columns, IReadOnlyList<int> Key)
{
    public string QuotedName => Quoted(Name);

    public string ColumnNames { get; } = string.Join(", ", Columns.Select(column => Quoted(column.Name)));

    public string CopyIn => $"COPY {QuotedName} ({ColumnNames}) FROM STDIN (FORMAT BINARY)";

    public string CopyOut => $"COPY {QuotedName} ({ColumnNames}) TO STDOUT (FORMAT BINARY)";

    public string SelectCount => $"SELECT count(*) FROM {QuotedName}";

    public string DeleteAll => $"DELETE FROM {QuotedName}";

    /// <summary>One row, its values as <see cref="Place"/> names them.</summary>
    public string InsertRow =>
        $"INSERT INTO {QuotedName} ({ColumnNames}) VALUES ({string.Join(", ", Columns.Select((_, i) => Place(i)))})";

    /// <summary>All rows, in whatever order is quickest.</summary>
    public string SelectAll => $"SELECT {ColumnNames} FROM {QuotedName}";

    /// <summary>All rows in the order of the key.</summary>
    public string SelectInOrder => $"{SelectAll} ORDER BY {KeyNames}";

    /// <summary>Walks the primary key from where a chunk ended; its values are <c>@key0</c>, <c>@key1</c>, ...</summary>
    public string SelectAfter =>
        $"{SelectAll} WHERE ({KeyNames}) > ({string.Join(", ", Key.Select((_, i) => $"@key{i}"))}) ORDER BY {KeyNames}";

    string KeyNames => string.Join(", ", Key.Select(place => Quoted(Columns[place].Name)));

    /// <summary>The parameter of a column's value.</summary>
    public static string Place(int column) => s_places[column];

    // Named once: there is one for every value that is copied.
    static readonly string[] s_places = [.. Enumerable.Range(0, 64).Select(static i => $"@c{i}")];

    static string Quoted(string name) => $"\"{name}\"";
}
