using System.Data.Common;
using System.Globalization;
using Olha.Protocol;

namespace Olha.Server.Rooms;

/// <summary>A row of <c>rooms</c> as it lies in the database: flags are 0 or 1, times are milliseconds since 1970 UTC.</summary>
internal sealed record RoomRow(
    long Id, string Kind, string? Name, string? Topic, long? CreatorId, string? DirectKey, long IsGeneral, long CreatedAt,
    long? ArchivedAt, long FirstSeq, long LastSeq, long Rev, long LastRev, long SlowMode, long IsLocked, long? RetentionDays)
{
    public bool General => IsGeneral == 1;
    public bool Locked => IsLocked == 1;
    public bool Archived => ArchivedAt is not null;
    public RoomKind RoomKind => Kinds.Parse(Kind);

    /// <summary>Reads the row from its columns, which stand in this record's order and begin at <paramref name="at"/>.</summary>
    public static RoomRow Read(DbDataReader row, int at) => new(
        row.GetInt64(at), row.GetString(at + 1), TextOrNull(row, at + 2), TextOrNull(row, at + 3), NumberOrNull(row, at + 4),
        TextOrNull(row, at + 5), row.GetInt64(at + 6), row.GetInt64(at + 7), NumberOrNull(row, at + 8), row.GetInt64(at + 9),
        row.GetInt64(at + 10), row.GetInt64(at + 11), row.GetInt64(at + 12), row.GetInt64(at + 13), row.GetInt64(at + 14),
        NumberOrNull(row, at + 15));

    /// <summary>The room as it travels.</summary>
    public Room ToRoom() => new(
        Id, RoomKind, Name, Topic, CreatorId, General, DirectKey is null ? null : PeopleOf(DirectKey),
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        ArchivedAt is { } archived ? DateTimeOffset.FromUnixTimeMilliseconds(archived) : null, FirstSeq, Rev,
        SlowMode > 0 ? SlowMode : null, Locked ? true : null, RetentionDays);

    /// <summary>What makes a direct room unique: its people's ids, ascending, with commas between.</summary>
    public static string DirectKeyOf(IEnumerable<long> people) =>
        string.Join(',', people.Distinct().Order().Select(id => id.ToString(CultureInfo.InvariantCulture)));

    static long[] PeopleOf(string key) =>
        Array.ConvertAll(key.Split(','), id => long.Parse(id, CultureInfo.InvariantCulture));

    static string? TextOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
    static long? NumberOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

/// <summary>Room kinds as the database spells them.</summary>
internal static class Kinds
{
    public const string Open = "open";
    public const string Closed = "closed";
    public const string Direct = "direct";

    public static RoomKind Parse(string word) => word switch
    {
        Open => RoomKind.Open,
        Closed => RoomKind.Closed,
        Direct => RoomKind.Direct,
        _ => throw new InvalidOperationException($"No room is '{word}'."),
    };

    public static string Word(RoomKind kind) => kind switch
    {
        RoomKind.Open => Open,
        RoomKind.Closed => Closed,
        _ => Direct,
    };
}
