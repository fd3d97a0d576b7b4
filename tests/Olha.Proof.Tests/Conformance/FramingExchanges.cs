using static Olha.Proof.Tests.Conformance.Exchange;

namespace Olha.Proof.Tests.Conformance;

/// <summary>Where a request ends: what two servers in a row might see differently (request smuggling). RFC 9112, 6 and 7.</summary>
internal static class FramingExchanges
{
    public static IEnumerable<Exchange> All => [.. Lengths, .. Encodings, .. Chunks, .. Trailers];

    static IEnumerable<Exchange> Lengths =>
    [
        Taken("Content-Length", static it => it.Head($"Content-Length: {it.Json.Length}") + it.Json),
        Taken("Content-Length with zeros before it", static it => it.Head($"Content-Length: 000{it.Json.Length}") + it.Json),
        Refused("Content-Length twice", static it => it.Head($"Content-Length: {it.Json.Length}\r\nContent-Length: {it.Json.Length}") + it.Json),
        Refused("Content-Length twice, the second longer", static it =>
            it.Head($"Content-Length: {it.Json.Length}\r\nContent-Length: {it.Json.Length + it.Inner.Length}") + it.Json + it.Inner),
        Refused("Content-Length twice, the first longer", static it =>
            it.Head($"Content-Length: {it.Json.Length + it.Inner.Length}\r\nContent-Length: {it.Json.Length}") + it.Json + it.Inner),
        Refused("Content-Length as a list", static it => it.Head($"Content-Length: {it.Json.Length}, {it.Json.Length}") + it.Json),
        .. ((string[])["-1", "0x1", "1 1", "", "1;", "1.0", "1e1", "1_0", "\u00b2", "9223372036854775808", "18446744073709551617"])
            .Select(static value => Refused($"Content-Length: {value}", it => it.Head($"Content-Length: {value}") + it.Json + it.Inner)),
        Refused("white space before Content-Length's colon", static it => it.Head($"Content-Length : {it.Json.Length}") + it.Json),
        Refused("Content-Length over the limit", static it => it.Head("Content-Length: 4294967296") + it.Json, status: 413),
        // The framework takes the sign, so it has to be one thing to it all along: a body of one byte, and then no request.
        new("Content-Length: +1", static it => it.Head("Content-Length: +1") + it.Json + it.Inner, [400, 400], Closes: true),
        // Without a length there is no body: what would be one is the next request.
        new("a body without a length", static it => it.Head("X: y") + it.Inner, [400, 201], Closes: false, Inner: 1),
    ];

    static IEnumerable<Exchange> Encodings =>
    [
        Refused("CL.TE", static it => it.Head($"Content-Length: {5 + it.Inner.Length}\r\nTransfer-Encoding: chunked") + "0\r\n\r\n" + it.Inner),
        Refused("TE.CL", static it => it.Head("Transfer-Encoding: chunked\r\nContent-Length: 4") + $"{it.Inner.Length:x}\r\n{it.Inner}\r\n0\r\n\r\n"),
        Refused("Content-Length that agrees with Transfer-Encoding", static it =>
            it.Head($"Transfer-Encoding: chunked\r\nContent-Length: {it.Json.Length + 11}") + $"{it.Json.Length:x2}\r\n{it.Json}\r\n0\r\n\r\n"),
        Taken("Transfer-Encoding behind a tab", static it => it.Head("Transfer-Encoding:\tchunked") + $"{it.Json.Length:x}\r\n{it.Json}\r\n0\r\n\r\n"),
        Taken("TRANSFER-ENCODING: CHUNKED", static it => it.Head("TRANSFER-ENCODING: CHUNKED") + $"{it.Json.Length:x}\r\n{it.Json}\r\n0\r\n\r\n"),
        .. ((string[])
        [
            "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked,",
            "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chun\tked", "Transfer-Encoding: \u000bchunked",
            "Transfer-Encoding:\r\n chunked", " Transfer-Encoding: chunked", "X: y\nTransfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked",
            "Transfer-Encoding\0: chunked", "Transfer-Encoding: chunked\0", "Transfer-Encoding\n: chunked", "Transfer-Encoding: \u00a0chunked",
        ]).Select(static lines => Refused(lines, it => it.Head(lines) + "0\r\n\r\n" + it.Inner)),
        // Another header altogether: there is no body, and what would be one is no request.
        new("Transfer_Encoding: chunked", static it => it.Head("Transfer_Encoding: chunked") + "0\r\n\r\n" + it.Inner, [400, 400], Closes: true),
        Refused("Transfer-Encoding with HTTP/1.0", static it =>
            it.Head("Transfer-Encoding: chunked\r\nConnection: keep-alive", "HTTP/1.0") + "0\r\n\r\n" + it.Inner),
    ];

    static IEnumerable<Exchange> Chunks =>
    [
        Taken("a chunk", static it => it.Chunked(static n => $"{n:x}\r\n")),
        Taken("a chunk in capitals", static it => it.Chunked(static n => $"{n:X}\r\n")),
        Taken("a chunk with an extension", static it => it.Chunked(static n => $"{n:x};a=b\r\n")),
        Taken("a chunk with a quoted extension", static it => it.Chunked(static n => $"{n:x};a=\"b;c\"\r\n")),
        // CVE-2025-55315: a server that takes a lone line end inside an extension for its end, behind one that does not.
        .. ((string[])[";\n", ";a\nb\r\n", ";\n\r\n", ";a\rb\r\n", ";\r\r\n", ";a=\"\n\"\r\n", ";a=\"\r\"\r\n", "\n", "\r", "\r\r\n", ";a\n"])
            .Select(static end => Refused($"chunk extension {end}", it => it.Chunked(n => $"{n:x}{end}") + it.Inner)),
        Refused("lone line feed in the last chunk's extension", static it => it.Chunked(static n => $"{n:x}\r\n", end: $"0;\n{it.Inner}\r\n\r\n")),
        Refused("lone return in the last chunk's extension", static it => it.Chunked(static n => $"{n:x}\r\n", end: $"0;\r{it.Inner}\r\n\r\n")),
        .. ((string[])["0x{0}", "{0}_", "_{0}", "-{0}", "+{0}", " {0}", "", "g", "{0}h", "FFFFFFFFFFFFFFFF", "8000000000000000", "10000000000000{0}", "1000000{0}"])
            .Select(static size => Refused($"chunk size {size}", it => it.Chunked(n => size.Replace("{0}", $"{n:x2}", StringComparison.Ordinal) + "\r\n") + it.Inner)),
        Refused("no line end behind a chunk", static it => it.Chunked(static n => $"{n:x}\r\n", after: "") + it.Inner),
        Refused("a line feed behind a chunk", static it => it.Chunked(static n => $"{n:x}\r\n", after: "\n") + it.Inner),
        Refused("other bytes behind a chunk", static it => it.Chunked(static n => $"{n:x}\r\n", after: "xx") + it.Inner),
        // What came of it is no JSON; the rest is not waited for.
        Refused("a chunk that claims 2 GiB", static it => it.Chunked(static _ => "7fffffff\r\n")),
    ];

    static IEnumerable<Exchange> Trailers =>
    [
        // They are read and count for nothing.
        Taken("trailers that would change the request", static it => it.Chunked(
            static n => $"{n:x}\r\n", end: $"0\r\nContent-Length: 99\r\nTransfer-Encoding: identity\r\nHost: elsewhere.example\r\nAuthorization: Bearer x\r\n\r\n")),
        new("a trailer that would sign in", static it => it.Chunked(static n => $"{n:x}\r\n", end: $"0\r\nAuthorization: Bearer {it.Token}\r\n\r\n")
            .Replace($"Authorization: Bearer {it.Token}\r\nContent-Type", "Content-Type", StringComparison.Ordinal), [401], Closes: false),
        Refused("white space before a trailer's colon", static it => it.Chunked(static n => $"{n:x}\r\n", end: "0\r\nX : y\r\n\r\n") + it.Inner),
        Refused("a lone line feed between trailers", static it => it.Chunked(static n => $"{n:x}\r\n", end: "0\r\nX: y\nZ: z\r\n\r\n") + it.Inner),
        Refused("a lone line feed instead of the empty line", static it => it.Chunked(static n => $"{n:x}\r\n", end: "0\r\n\n") + it.Inner),
    ];
}
