using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Olha.Server.Adoption;

/// <summary>Reads rows of the original's tables, in which SQLite let any column hold anything, and which had fewer columns in
/// older versions. What can't be read is null.</summary>
internal static class OriginalRow
{
    /// <summary>A column's text. What is no UTF-8 in it reads as U+FFFD.</summary>
    public static string? Text(this DbDataReader row, string column) => row.Value(column) switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public static long? Number(this DbDataReader row, string column) => row.Value(column) as long?;

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public static long? Time(this DbDataReader row, string column) => OriginalTime.Read(row.Value(column));

    static object? Value(this DbDataReader row, string column)
    {
        for (var i = 0; i < row.FieldCount; i++)
            if (string.Equals(row.GetName(i), column, StringComparison.OrdinalIgnoreCase)) return row.GetValue(i);
        return null;
    }
}
