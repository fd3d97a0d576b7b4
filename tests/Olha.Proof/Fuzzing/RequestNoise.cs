using System.Text;
using System.Text.Json;

namespace Olha.Proof;

/// <summary>Makes requests: sound ones, and others a little or wholly different.</summary>
internal sealed class RequestNoise(Dice dice, IReadOnlyList<long> rooms, IReadOnlyList<long> people, string password)
{
    static readonly string[] s_segments =
    [
        "%00", "a%00b", "%2f", "%2F..%2f", "..", ".", "%2e%2e", "%c0%af", "%ff", "%ed%a0%80", "%F0%9F%91%8D", "%E2%80%AE", "%", "%2", "%zz", "-1", "0", "+1", "%201", "1.0", "1e3", "0x1",
        "%EF%BC%91", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "", "//", ";a=b", "%3F", "%23", "%5c", "%0d%0aX:1", "null", "*", "{roomId}", "direct", "open",
    ];

    static readonly string[] s_queries =
    [
        "", "0", "-1", "1", "200", "201", "9223372036854775807", "9223372036854775808", "1e2", "%00", "a%00b", "%ff", "%c0%80", "%ed%a0%80", "%25", "%", "_", "!", "'", "%22", "true", "True", "1,2",
        "2026-01-31T12:34:56.789Z", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59.9999999-14:00", "2026-02-30", "now", "owner", "deleted", "Owner,Admin", "%F0%9F%91%8D", "%e2%80%ae",
    ];

    static readonly (string Name, string Value)[] s_headers =
    [
        ("Accept", "text/html;q=0.1, */*;q=nan"), ("Accept", "image/png"), ("Accept-Encoding", "br;q=1e9, gzip;q=-1, *;q=0"), ("Accept-Encoding", "identity;q=0"), ("Accept-Encoding", ",,;q="),
        ("Accept-Language", "pt-BR;q=2"), ("If-None-Match", "*"), ("If-None-Match", "\"a\", W/\"b\", c"), ("If-Match", "\"x\""), ("If-Modified-Since", "yesterday"), ("Range", "bytes=0-0,1-1,-1"),
        ("Range", "bytes=9223372036854775808-"), ("Range", "lines=1-2"), ("Cookie", "a=b; ; =; olha_session"), ("Cookie", "olha_session=\"\0\x80\""), ("Origin", "null"), ("Origin", "http://other.example"),
        ("Sec-Fetch-Site", "cross-site"), ("Authorization", "Bearer"), ("Authorization", "Basic Og=="), ("X-Forwarded-For", "1.2.3.4, ,"), ("X-HTTP-Method-Override", "DELETE"), ("Forwarded", "for=\"_x\""),
        ("Expect", "100-continue"), ("User-Agent", "\xff\xfe"), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"), ("Content-Encoding", "gzip"), ("X", "\0"), ("Bad name", "x"),
    ];

    static readonly string[] s_types =
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json; charset=\"utf-8\"", "application/json;charset=nope",
        "application/problem+json", "application/json, text/plain", "APPLICATION/JSON", "json", "", ";", "application/json; charset=", "*/*", "application/\xff",
    ];

    static readonly string[] s_methods = ["HEAD", "OPTIONS", "TRACE", "GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "get", "M-SEARCH", "PRI", "X".PadRight(40, 'Y'), "CONNECT"];

    // What has no description, but answers.
    static readonly string[] s_others = ["/", "/health", "/ready", "/api/docs", "/api/openapi.json", "/api/v1/socket", "/api/ws/1", "/_app/x.js", "/login?a=%00", "/..%2f..%2fetc/passwd", "/favicon.ico", "/%00", "/api", "/api/", "/API/V1/ME"];

    /// <summary>The next request.</summary>
    public Request Next()
    {
        var route = dice.One(Routes.All);
        // A hash of a password is a quarter of a second of a core, and who is signed out says nothing new for a while: few of these are enough.
        if ((HashesPasswords(route) || route is { Method: "DELETE", Path: "/api/v1/session" }) && !dice.Chance(0.1)) return Next();

        var wild = false;
        var target = Query(route, Path(route.Path, ref wild), ref wild);
        if (dice.Chance(0.03)) (target, wild) = (dice.One(s_others), true);
        if (dice.Chance(0.03)) (target, wild) = ("/" + Printable(ByteNoise.Mutate(dice, Encoding.ASCII.GetBytes(target[1..]), "/api/v1/rooms/1"u8.ToArray())), true);
        var method = dice.Chance(0.06) ? dice.One(s_methods) : route.Method;
        wild |= method != route.Method;

        List<(string, string)> headers = [];
        var body = Body(route);
        if (body is not null) headers.Add(("Content-Type", dice.Chance(0.06) ? dice.One(s_types) : "application/json"));
        for (var more = dice.Chance(0.2) ? 1 + dice.Size(2) : 0; more > 0; more--) headers.Add(dice.One(s_headers));
        if (dice.Chance(0.005)) headers.Add(("X-Long", new string('h', dice.One([4000, 16_000, 33_000]))));
        if (dice.Chance(0.003)) headers.AddRange(Enumerable.Repeat(("X", "1"), 120));
        // An upgrade is for the tests of sockets, and what takes a body must not wait for one.
        if (headers.Any(static it => it.Item1 is "Upgrade")) headers.RemoveAll(static it => it.Item1 is "Connection");
        if (headers.Any(static it => it.Item1 is "Expect")) headers.RemoveAll(static it => it.Item1 is "Expect");
        return new Request(route, wild || headers.Any(static it => it.Item1 is "If-None-Match" or "Cookie"), method, target, headers, body);
    }

    /// <summary>Sound bodies of every kind.</summary>
    public static IEnumerable<byte[]> Samples(Dice dice)
    {
        var noise = new RequestNoise(dice, [1, 2], [1, 2], "not my password");
        return Routes.All.Select(static route => route.Body).OfType<JsonElement>().Select(schema => Encoding.UTF8.GetBytes(noise.Sound(schema)));
    }

    static bool HashesPasswords(Route route) => route.Body is { } body && body.GetProperty("properties").TryGetProperty("password", out _);

    string Path(string path, ref bool wild)
    {
        var parts = path.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length == 0 || parts[i][0] != '{') continue;
            var hostile = dice.Chance(0.2);
            wild |= hostile;
            parts[i] = hostile ? dice.One(s_segments) : parts[i] switch
            {
                "{roomId}" => $"{dice.One(rooms)}",
                "{userId}" => $"{dice.One(people)}",
                "{emoji}" => dice.One(["%F0%9F%91%8D", "%E2%9D%A4%EF%B8%8F", "x", "%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9", "1%EF%B8%8F%E2%83%A3"]),
                _ => $"{1 + dice.Size(30)}",
            };
        }
        return string.Join('/', parts);
    }

    string Query(Route route, string path, ref bool wild)
    {
        List<string> query = [];
        foreach (var (name, type) in route.Query)
        {
            if (!dice.Chance(0.5)) continue;
            var value = dice.Chance(0.5) ? dice.One(s_queries) : type switch { "int64" or "int32" => $"{dice.Size(200)}", "boolean" => "true", "date-time" => "2026-01-31T12:34:56.789Z", _ => dice.One(["a", "noise", "%C3%A7"]) };
            query.Add($"{name}={value}");
            if (dice.Chance(0.05)) query.Add(query[^1]);
        }
        if (dice.Chance(0.03)) query.Add(dice.One(["a=b", "=", "&&&", "%", "after", "before[]=1", "limit=1&limit=2", new string('q', dice.One([100, 4000, 9000]))]));
        wild |= query.Sum(static it => it.Length) > 5000;
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    byte[]? Body(Route route)
    {
        if (route.Body is not { } schema) return dice.Chance(0.95) ? null : dice.Chance(0.5) ? [] : "{}"u8.ToArray();
        var sound = Encoding.UTF8.GetBytes(Sound(schema));
        return dice.Below(20) switch
        {
            < 6 => sound,
            < 15 => JsonNoise.Mutate(dice, sound),
            < 18 => ByteNoise.Mutate(dice, sound, Encoding.UTF8.GetBytes(Sound(dice.One(Routes.All).Body ?? schema))),
            18 when dice.Chance(0.1) => [.. "{\"a\":\""u8, .. new byte[dice.One([60_000, 66_000, 300_000])].Select(static _ => (byte)'x'), .. "\"}"u8],
            18 => Encoding.UTF8.GetBytes(JsonNoise.Value(dice)),
            _ => dice.Chance(0.5) ? dice.Bytes(dice.Size(100)) : [],
        };
    }

    string Sound(JsonElement schema)
    {
        var fields = schema.GetProperty("properties").EnumerateObject().Where(_ => dice.Chance(0.8));
        return "{" + string.Join(',', fields.Select(field => $"\"{field.Name}\":{SoundValue(field.Name, Routes.Follow(field.Value))}")) + "}";
    }

    string SoundValue(string name, JsonElement schema) => name switch
    {
        "roomIds" => $"[{dice.One(rooms)}]",
        "userIds" => $"[{dice.One(people)}]",
        "scopes" => "[\"read\"]",
        // Somebody who owned the server too could send the owner away, and with them the run.
        "role" => dice.One(["\"member\"", "\"guest\"", "\"admin\""]),
        "cid" => $"\"{Convert.ToHexString(dice.Bytes(6))}\"",
        "username" => $"\"u{Convert.ToHexStringLower(dice.Bytes(4))}\"",
        "password" or "current" => $"\"{password}\"",
        "timeZone" => dice.One(["\"UTC\"", "\"America/Sao_Paulo\"", "\"\""]),
        "token" or "invitation" => $"\"{Convert.ToBase64String(dice.Bytes(32))[..43].Replace('+', '-').Replace('/', '_')}\"",
        _ when schema.TryGetProperty("enum", out var words) => words[dice.Below(words.GetArrayLength())].GetRawText(),
        _ => schema.GetProperty("type").GetString() switch
        {
            "boolean" => dice.Chance(0.5) ? "true" : "false",
            "integer" => dice.One(["0", "1", "2", "10", "100", "-1", $"{dice.Size(1000)}"]),
            _ => dice.One(["\"olá\"", "\"noise\"", "\"a @room `x` 👋\"", "\"\"", "\"line\\nline\""]),
        },
    };

    // Bytes of an address that end neither it nor the line.
    static string Printable(byte[] path) => Encoding.Latin1.GetString([.. path.Select(static it => it is <= 32 or 127 ? (byte)'~' : it)]);
}
