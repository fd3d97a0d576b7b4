using System.Globalization;
using System.Text;

namespace Olha.Proof;

/// <summary>An answer as it came over a connection.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">In order, as they were written.</param>
/// <param name="Body">Without the framing.</param>
internal sealed record HttpAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string? this[string name] =>
        Headers.FirstOrDefault(it => it.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Reads the next answer; null: the connection ended instead.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="bodiless">Whether the request was one whose answer has no body.</param>
    /// <exception cref="ProofException">What came is no answer.</exception>
    public static async Task<HttpAnswer?> ReadAsync(RawConnection connection, CancellationToken ct, bool bodiless = false)
    {
        var head = Encoding.Latin1.GetString(await connection.ReadToAsync("\r\n\r\n"u8.ToArray(), ct));
        if (head.Length == 0) return null;
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines[0].Split(' ') is not ["HTTP/1.1" or "HTTP/1.0", { Length: 3 } code, ..] || !int.TryParse(code, CultureInfo.InvariantCulture, out var status))
            throw new ProofException($"This is no answer: {lines[0]}");

        var headers = lines.Skip(1).Select(static line => line.Split(':', 2)).Select(static it => (it[0], it[1].Trim())).ToList();
        var answer = new HttpAnswer(status, headers, []);
        if (bodiless || status is < 200 or 204 or 304) return answer;
        return answer with { Body = await answer.ReadBodyAsync(connection, ct) };
    }

    async Task<byte[]> ReadBodyAsync(RawConnection connection, CancellationToken ct)
    {
        if (this["Content-Length"] is { } length) return await connection.ReadAsync(int.Parse(length, CultureInfo.InvariantCulture), ct);
        if (this["Transfer-Encoding"] is null) return await connection.ReadToEndAsync(ct);

        var body = new List<byte>();
        while (true)
        {
            var size = int.Parse(Encoding.Latin1.GetString(await connection.ReadToAsync("\r\n"u8.ToArray(), ct)).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await connection.ReadAsync(size, ct));
            await connection.ReadToAsync("\r\n"u8.ToArray(), ct);
            if (size == 0) return [.. body];
        }
    }
}
