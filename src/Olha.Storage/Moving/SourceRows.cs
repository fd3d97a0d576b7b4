using System.Globalization;
using Microsoft.Data.Sqlite;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Moving;

/// <summary>A table's rows, one after the other, of the kinds that the target's columns have: SQLite itself would take any.</summary>
internal sealed class SourceRows : IDisposable
{
    readonly MovedTable _table;
    readonly SqliteStatement _statement;
    bool _ended;

    SourceRows(MovedTable table, SqliteStatement statement) => (_table, _statement) = (table, statement);

    public static SourceRows All(SqliteConnection connection, MovedTable table) => new(table, new(connection.Handle!, table.SelectAll));

    /// <param name="connection">Used by nobody else until this is disposed.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">The key of the row before the first; empty: from the beginning.</param>
    public static SourceRows After(SqliteConnection connection, MovedTable table, string[] key)
    {
        if (key.Length == 0) return new(table, new(connection.Handle!, table.SelectInOrder));
        var statement = new SqliteStatement(connection.Handle!, table.SelectAfter);
        var values = key.Select((part, i) => ($"@key{i}", table.Columns[table.Key[i]].Kind is ColumnKind.Integer
            ? long.Parse(part, CultureInfo.InvariantCulture) : (object?)part));
        statement.Bind([.. values]);
        return new(table, statement);
    }

    /// <summary>Stands on the next row; false: there is none.</summary>
    // A statement that is asked again after its end would begin again.
    public bool Next() => !_ended && !(_ended = !_statement.Step());

    public bool IsNull(int column) => _statement.Row.IsDBNull(column);

    public long Integer(int column) => Of(typeof(long), column).GetInt64(column);

    public double Real(int column) => Of(typeof(double), column).GetDouble(column);

    public byte[] Bytes(int column) => Of(typeof(byte[]), column).GetFieldValue<byte[]>(column);

    public string Text(int column)
    {
        var text = Of(typeof(string), column).GetString(column);
        return text.Contains('\0') ? throw Unsound(column, "a text with the character U+0000, which PostgreSQL can't store") : text;
    }

    /// <summary>The key of the row that it stands on.</summary>
    public string[] Key() => [.. _table.Key.Select(KeyPart)];

    public void AddTo(RowDigest digest)
    {
        for (var i = 0; i < _table.Columns.Count; i++)
        {
            if (IsNull(i)) digest.Null();
            else if (_table.Columns[i].Kind is ColumnKind.Integer) digest.Integer(Integer(i));
            else if (_table.Columns[i].Kind is ColumnKind.Text) digest.Text(Text(i));
            else if (_table.Columns[i].Kind is ColumnKind.Bytes) digest.Bytes(Bytes(i));
            else digest.Real(Real(i));
        }
        digest.EndRow();
    }

    public void Dispose() => _statement.Dispose();

    string KeyPart(int column) => _table.Columns[column].Kind switch
    {
        ColumnKind.Integer => Integer(column).ToString(CultureInfo.InvariantCulture),
        ColumnKind.Text => Text(column),
        var kind => throw new InvalidOperationException($"{_table.Name} has a {kind} in its key."),
    };

    SqliteRow Of(Type type, int column) => _statement.Row.GetFieldType(column) == type
        ? _statement.Row
        : throw Unsound(column, $"a value of SQLite's type {_statement.Row.GetDataTypeName(column)}");

    MoveRefusedException Unsound(int column, string what)
    {
        var key = string.Join(", ", _table.Key.Select(place => Convert.ToString(_statement.Row.GetValue(place), CultureInfo.InvariantCulture)));
        return new(MoveObstacle.SourceUnsound, $"In {_table.Name} ({key}) the column {_table.Columns[column].Name} holds {what}.");
    }
}
