using static Olha.Proof.Tests.Conformance.Exchange;

namespace Olha.Proof.Tests.Conformance;

/// <summary>What a request's first lines may be: RFC 9112, 2 to 5, and RFC 9110, 7.2.</summary>
internal static class HeadExchanges
{
    public static IEnumerable<Exchange> All => [.. Lines, .. Targets, .. Versions, .. Several, .. Sizes];

    static IEnumerable<Exchange> Lines =>
    [
        Refused("lone line feeds", static it => (it.Head($"Content-Length: {it.Json.Length}") + it.Json).Replace("\r\n", "\n", StringComparison.Ordinal)),
        Refused("a lone line feed behind the first line", static it => Get(it, "/health").Replace("1.1\r\n", "1.1\n", StringComparison.Ordinal)),
        .. ((string[])
        [
            "X: a\rb", "X: a\r", "X: a\nY: b", "X: a\r\n b", "X: a\r\n\tb", "X: a\0b", "X\0: a", "X Y: a", "X : a", "X\t: a", "X", ": a", "\u00fc: a",
        ]).Select(static line => Refused($"header {line}", it => Get(it, "/health", line) + it.Inner)),
    ];

    static IEnumerable<Exchange> Targets =>
    [
        new("two slashes", static it => Get(it, "//") + it.Inner, [200, 201], Closes: false, Inner: 1), // a path like any other
        Refused("a target without a slash", static it => Get(it, "health") + it.Inner, status: 405), // only CONNECT has such
        new("absolute form of this server", static it => Get(it, $"http://{it.Host}/health"), [200], Closes: false),
        Refused("absolute form of another server", static it => Get(it, "http://elsewhere.example/health") + it.Inner),
        Refused("no Host", static it => Get(it, "/health").Replace($"Host: {it.Host}\r\n", "", StringComparison.Ordinal) + it.Inner),
        Refused("two Hosts", static it => Get(it, "/health", $"Host: {it.Host}") + it.Inner),
        .. ((string[])["user@{0}", "user:pass@{0}", "{0}, {0}", "{0}/", "{0} {0}", "{0}:1", "a b", "[::1", "{0}\u0000"])
            .Select(static host => Refused($"Host: {host}", it => Get(it, "/health").Replace(
                $"Host: {it.Host}", $"Host: {host.Replace("{0}", it.Host, StringComparison.Ordinal)}", StringComparison.Ordinal) + it.Inner)),
        .. ((string[])["/he\0lth", "/health /x", "", "\u00ff"]).Select(static target => Refused($"target {target}", it => Get(it, target) + it.Inner)),
        Refused("tab instead of a space", static it => Get(it, "/health").Replace("GET ", "GET\t", StringComparison.Ordinal) + it.Inner),
        Refused("a method that is none", static it => Get(it, "/health").Replace("GET", "G@T", StringComparison.Ordinal) + it.Inner),
    ];

    static IEnumerable<Exchange> Versions =>
    [
        new("HTTP/1.0", static it => Get(it, "/health").Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal) + it.Inner, [200], Closes: true),
        Refused("HTTP/0.9", static _ => "GET /health\r\n\r\n"),
        .. ((string[])["HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "http/1.1"]).Select(static version => Refused(
            version, it => Get(it, "/health").Replace("HTTP/1.1", version, StringComparison.Ordinal) + it.Inner, status: 505)),
        .. ((string[])["HTTP/1", "HTTP/1.10", "HTTP/11", "HTP/1.1", "HTTP/1.1 "]).Select(static version => Refused(
            version, it => Get(it, "/health").Replace("HTTP/1.1", version, StringComparison.Ordinal) + it.Inner)),
        // Nobody speaks HTTP/2 here: an offer is passed over, and what a front that believes in it sends next is not read.
        new("an upgrade to h2c", static it => Get(it, "/health", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA") + it.Inner, [200], Closes: true),
    ];

    static IEnumerable<Exchange> Several =>
    [
        new("three in a row", static it => Get(it, "/health") + it.Inner + Get(it, "/api/v1/nothing"), [200, 201, 404], Closes: false, Inner: 1),
        new("an empty line before the first", static it => "\r\n" + Get(it, "/health"), [200], Closes: false),
        new("nothing behind Connection: close is read", static it => Get(it, "/health", "Connection: close") + it.Inner, [200], Closes: true),
        new("a body of a GET is no request", static it => Get(it, "/health", $"Content-Length: {it.Inner.Length}") + it.Inner, [200], Closes: false),
    ];

    static IEnumerable<Exchange> Sizes =>
    [
        Refused("a first line of 9 KiB", static it => Get(it, "/" + new string('a', 9 * 1024)), status: 414),
        Refused("a header of 33 KiB", static it => Get(it, "/health", "X: " + new string('a', 33 * 1024)), status: 431),
        Refused("33 KiB of headers", static it => Get(it, "/health", Headers(66, 500)), status: 431),
        Refused("a hundred and one headers", static it => Get(it, "/health", Headers(100, 1)), status: 431),
    ];

    static string Headers(int count, int length) => string.Join("\r\n", Enumerable.Range(0, count).Select(i => $"X{i}: {new string('a', length)}"));

    static string Get(Sender it, string target, string? header = null) =>
        $"GET {target} HTTP/1.1\r\nHost: {it.Host}\r\n{(header is null ? "" : header + "\r\n")}\r\n";
}
