using System.Data.Common;

namespace Olha.Storage;

/// <summary>Statements that go to PostgreSQL in one round trip and run there one after the other, each with what was committed before
/// it began in view. The first that fails ends the round and its unit.</summary>
/// <remarks>Beside what a <see cref="Session"/> takes, parameter values are <c>long[]</c>, <c>long?[]</c>, <c>string?[]</c> and
/// <c>byte[][]</c>: one statement writes many rows by way of <c>unnest</c>.</remarks>
public sealed class Round
{
    internal delegate ValueTask Reader(DbDataReader row);

    readonly List<Statement> _statements = [];

    internal readonly record struct Statement(string Sql, (string Name, object? Value)[] Parameters, Reader? Read);

    public bool IsEmpty => _statements.Count == 0;

    internal IReadOnlyList<Statement> Statements => _statements;

    /// <summary>Adds a statement whose rows, if any, nobody wants.</summary>
    public void Add(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        _statements.Add(new(sql, parameters.ToArray(), null));

    /// <summary>Adds a statement that is read.</summary>
    /// <param name="sql">Its constant text.</param>
    /// <param name="take">Takes one row: read from it, don't keep it.</param>
    /// <param name="parameters">Every one that the text names.</param>
    public void Add(string sql, Action<DbDataReader> take, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        _statements.Add(new(sql, parameters.ToArray(), async rows =>
        {
            while (await rows.ReadAsync()) take(rows);
        }));
}
