using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Sqlite;

/// <summary>A statement that stays prepared on its connection.</summary>
/// <remarks>Hot path: several run for every message. Binding and stepping allocate nothing; texts are encoded on the stack, or
/// in a rented buffer when long. One thread at a time, as its connection.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    const int OnStack = 512;

    readonly sqlite3 _db;
    readonly sqlite3_stmt _handle;
    readonly string[] _names;

    public SqliteStatement(sqlite3 db, string sql)
    {
        _db = db;
        Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _handle, out var rest));
        if (!string.IsNullOrWhiteSpace(rest))
        {
            _handle.Dispose();
            throw new InvalidOperationException($"One statement at a time; this one has a tail: {rest}");
        }

        _names = new string[raw.sqlite3_bind_parameter_count(_handle)];
        for (var i = 0; i < _names.Length; i++)
            _names[i] = raw.sqlite3_bind_parameter_name(_handle, i + 1).utf8_to_string();
        Row = new SqliteRow(_handle);
    }

    public SqliteRow Row { get; }

    /// <summary>Between the first step and the reset: a second use has to prepare its own.</summary>
    public bool InUse { get; private set; }

    public void Bind(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (parameters.Length != _names.Length)
            throw new InvalidOperationException($"The statement has {_names.Length} parameters, {parameters.Length} were given.");
        for (var i = 0; i < parameters.Length; i++)
        {
            ref readonly var parameter = ref parameters[i];
            // Given in the statement's order the first comparison is by reference and hits.
            var index = _names[i] == parameter.Name ? i : Array.IndexOf(_names, parameter.Name);
            if (index < 0) throw new InvalidOperationException($"The statement has no parameter {parameter.Name}.");
            Check(Bind(index + 1, parameter.Value));
        }
    }

    /// <summary>True when there is a row to read.</summary>
    public bool Step()
    {
        InUse = true;
        var rc = raw.sqlite3_step(_handle);
        if (rc == raw.SQLITE_ROW) return true;
        if (rc != raw.SQLITE_DONE) Fail(rc);
        return false;
    }

    /// <summary>Runs a statement without parameters and rows.</summary>
    public void Run()
    {
        try { Step(); }
        finally { Reset(); }
    }

    // Its answer repeats what Step has already thrown.
    public void Reset()
    {
        _ = raw.sqlite3_reset(_handle);
        InUse = false;
    }

    public void Dispose() => _handle.Dispose();

    int Bind(int index, object? value) => value switch
    {
        null or DBNull => raw.sqlite3_bind_null(_handle, index),
        long number => raw.sqlite3_bind_int64(_handle, index, number),
        string text => BindText(index, text),
        int number => raw.sqlite3_bind_int64(_handle, index, number),
        byte[] bytes => raw.sqlite3_bind_blob(_handle, index, bytes),
        double number => raw.sqlite3_bind_double(_handle, index, number),
        _ => throw new InvalidOperationException($"A {value.GetType().Name} is no parameter value."),
    };

    int BindText(int index, string text)
    {
        byte[]? rented = null;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var utf8 = most <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(most);
        var rc = raw.sqlite3_bind_text(_handle, index, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return rc;
    }

    void Check(int rc)
    {
        if (rc != raw.SQLITE_OK) Fail(rc);
    }

    void Fail(int rc) => throw new SqliteException(
        raw.sqlite3_errmsg(_db).utf8_to_string(), rc & 0xFF, raw.sqlite3_extended_errcode(_db));
}
