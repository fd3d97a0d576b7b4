using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Olha.Protocol;

namespace Olha.Server.Messages;

/// <summary>A sound message that is not yet said.</summary>
/// <param name="Cid">Chosen by the client, unique per author for ever.</param>
/// <param name="Body">The text, with line feeds for line ends.</param>
/// <param name="ReplyToSeq">The message that it answers, which may not exist; null: none.</param>
internal sealed record Draft(string Cid, string Body, long? ReplyToSeq)
{
    static readonly SearchValues<char> s_cid =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Tells two bodies apart after one of them was edited or deleted.</summary>
    public byte[] BodyHash { get; } = Hash(Body);

    /// <param name="body">As the client sent it.</param>
    /// <param name="maxLength">Characters (Unicode scalar values); 0: no limit.</param>
    public static Outcome<Draft> From(DraftBody body, long maxLength)
    {
        if (body.Cid is not { Length: >= 1 and <= 64 } cid || cid.AsSpan().ContainsAnyExcept(s_cid)) return Refusal.InvalidCid;
        return TextFrom(body.Body, maxLength).TryGet(out var text, out var refusal) ? new Draft(cid, text, body.ReplyToSeq) : refusal;
    }

    /// <summary>A sound text for a message, new or edited.</summary>
    /// <param name="body">As the client sent it.</param>
    /// <param name="maxLength">Characters (Unicode scalar values); 0: no limit.</param>
    public static Outcome<string> TextFrom(string? body, long maxLength)
    {
        if (body is null) return Refusal.InvalidField;

        var text = body.Contains('\r') ? body.ReplaceLineEndings("\n") : body;
        if (string.IsNullOrWhiteSpace(text)) return Refusal.EmptyText;

        var length = 0;
        for (var rest = text.AsSpan(); rest.Length > 0; length++)
        {
            // Half a surrogate pair is no character, and a control character can't be shown.
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != OperationStatus.Done) return Refusal.InvalidText;
            if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')) return Refusal.InvalidText;
            rest = rest[used..];
        }
        if (maxLength > 0 && length > maxLength) return Refusal.TooLong.With("limit", maxLength);
        return text;
    }

    static byte[] Hash(string body)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(body.Length));
        var hash = SHA256.HashData(utf8.AsSpan(0, Encoding.UTF8.GetBytes(body, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
        return hash;
    }
}
