using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Olha.Storage;

/// <summary>Where the data is and where its schema comes from.</summary>
public sealed record DatabaseOptions
{
    /// <summary>The SQLite file; its folder is made when missing. Unused when <see cref="PostgresUrl"/> is set.</summary>
    public string SqlitePath { get; init; } = "data/olha_mensagem.db";

    /// <summary><c>postgres://user:password@host:port/database?sslmode=...</c>; null means SQLite.</summary>
    public string? PostgresUrl { get; init; }

    /// <summary>Holds the schema scripts as resources named <c>schema.sqlite.V0001__name.sql</c> and
    /// <c>schema.postgres.V0001__name.sql</c>, and in the published program SQLite itself.</summary>
    public required Assembly SchemaAssembly { get; init; }

    /// <summary>A folder whose <c>sqlite/</c> and <c>postgres/</c> replace the embedded scripts.</summary>
    public string? SchemaFolder { get; init; }

    /// <summary>The program whose SQLite files are taken over when <see cref="SqlitePath"/> names one; null: none.</summary>
    public Predecessor? Predecessor { get; init; }

    /// <summary>How many units of work may wait to begin; one more is refused as busy.</summary>
    public int QueueCapacity { get; init; } = 8000;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
