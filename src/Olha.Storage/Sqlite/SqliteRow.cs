using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using SQLitePCL;

namespace Olha.Storage.Sqlite;

/// <summary>The row that a statement stands on. Not a reader to be moved: whoever runs the statement moves it.</summary>
internal sealed class SqliteRow(sqlite3_stmt statement) : DbDataReader
{
    public override int FieldCount => raw.sqlite3_column_count(statement);
    public override bool HasRows => true;
    public override bool IsClosed => false;
    public override int Depth => 0;
    public override int RecordsAffected => -1;
    public override object this[int ordinal] => GetValue(ordinal);
    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool IsDBNull(int ordinal) => raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_NULL;
    public override long GetInt64(int ordinal) => raw.sqlite3_column_int64(statement, NotNull(ordinal));
    public override double GetDouble(int ordinal) => raw.sqlite3_column_double(statement, NotNull(ordinal));
    public override string GetString(int ordinal) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, NotNull(ordinal)));
    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));
    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));
    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));
    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override object GetValue(int ordinal) => raw.sqlite3_column_type(statement, ordinal) switch
    {
        raw.SQLITE_INTEGER => GetInt64(ordinal),
        raw.SQLITE_FLOAT => GetDouble(ordinal),
        raw.SQLITE_TEXT => GetString(ordinal),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, ordinal).ToArray(),
        _ => DBNull.Value,
    };

    public override T GetFieldValue<T>(int ordinal)
    {
        if (typeof(T) == typeof(long)) return (T)(object)GetInt64(ordinal);
        if (typeof(T) == typeof(string)) return (T)(object)GetString(ordinal);
        if (typeof(T) == typeof(int)) return (T)(object)GetInt32(ordinal);
        return base.GetFieldValue<T>(ordinal);
    }

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var bytes = raw.sqlite3_column_blob(statement, ordinal);
        if (buffer is null) return bytes.Length;
        var part = bytes[(int)dataOffset..];
        part = part[..Math.Min(length, part.Length)];
        part.CopyTo(buffer.AsSpan(bufferOffset));
        return part.Length;
    }

    public override string GetName(int ordinal) => raw.sqlite3_column_name(statement, ordinal).utf8_to_string();

    public override int GetOrdinal(string name)
    {
        for (var i = 0; i < FieldCount; i++)
            if (string.Equals(GetName(i), name, StringComparison.OrdinalIgnoreCase)) return i;
        throw new ArgumentException($"There is no column {name}.", nameof(name));
    }

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++) values[i] = GetValue(i);
        return count;
    }

    public override string GetDataTypeName(int ordinal) => GetFieldType(ordinal).Name;

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)]
    public override Type GetFieldType(int ordinal) => raw.sqlite3_column_type(statement, ordinal) switch
    {
        raw.SQLITE_INTEGER => typeof(long),
        raw.SQLITE_FLOAT => typeof(double),
        raw.SQLITE_TEXT => typeof(string),
        _ => typeof(byte[]),
    };

    public override decimal GetDecimal(int ordinal) => throw NotStored("decimals");
    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);
    public override char GetChar(int ordinal) => throw NotStored("single characters");
    public override DateTime GetDateTime(int ordinal) => throw NotStored("dates: times are milliseconds");
    public override Guid GetGuid(int ordinal) => throw NotStored("GUIDs");
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        throw new NotSupportedException("Read the whole string.");
    public override IEnumerator GetEnumerator() => throw Moved();
    public override bool NextResult() => throw Moved();
    public override bool Read() => throw Moved();

    // SQLite would answer 0 or an empty string; PostgreSQL throws, and both should fail alike.
    int NotNull(int ordinal) => IsDBNull(ordinal)
        ? throw new InvalidCastException($"Column {GetName(ordinal)} is null.")
        : ordinal;

    static NotSupportedException NotStored(string what) => new($"The schema stores no {what}.");
    static NotSupportedException Moved() => new("The statement's runner moves from row to row.");
}
