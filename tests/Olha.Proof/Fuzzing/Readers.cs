using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Olha.Proof;

/// <summary>The readers of the program that take what anybody sends, as far as they can be called without the rest of it.</summary>
internal sealed class Readers
{
    delegate object? FromBytes(ReadOnlySpan<byte> utf8);

    readonly Func<byte[], string?>[] _all;

    /// <param name="folder">Where the program was built.</param>
    public Readers(string folder)
    {
        var loaded = new Instrumented(folder);
        var protocol = loaded.LoadFromAssemblyName(new AssemblyName("Olha.Protocol"));
        var server = loaded.LoadFromAssemblyName(new AssemblyName("olha"));
        var wire = (System.Text.Json.Serialization.JsonSerializerContext)protocol.GetType("Olha.Protocol.ProtocolJson", true)!.GetProperty("Wire")!.GetValue(null)!;

        var frames = wire.GetTypeInfo(protocol.GetType("Olha.Protocol.ClientFrame", true)!)!;
        var quick = Method(protocol, "Olha.Protocol.HotJson", "TryReadPost").CreateDelegate<FromBytes>();
        JsonTypeInfo[] bodies = [.. protocol.GetTypes().Where(static type => type.Name.EndsWith("Body", StringComparison.Ordinal)).Select(type => wire.GetTypeInfo(type)!)];
        var name = Method(server, "Olha.Server.Accounts.UserName", "MayBeTaken").CreateDelegate<Func<string, bool>>();
        var fold = Method(protocol, "Olha.Protocol.PlainLine", "Fold").CreateDelegate<Func<string, string>>();
        var names = Method(server, "Olha.Server.Messages.MentionText", "NamesIn").CreateDelegate<Func<string, List<string>>>();
        var emoji = Method(server, "Olha.Server.Messages.Emoji", "IsOne").CreateDelegate<Func<string, bool>>();
        var zone = Method(server, "Olha.Server.Accounts.TimeZoneName", "IsSound").CreateDelegate<Func<string, bool>>();
        var draft = Method(server, "Olha.Server.Messages.Draft", "TextFrom");
        var line = Method(protocol, "Olha.Protocol.PlainLine", "TryRead");

        _all =
        [
            utf8 => Frame(utf8, quick, frames),
            .. bodies.Select(static body => (Func<byte[], string?>)(utf8 => Json(utf8, body).Wrong)),
            Text(text => name(text) && fold(fold(text)) != fold(text) ? "folding twice is another name" : null),
            Text(text => names(text) is { Count: > 50 } ? "too many are named" : null),
            Text(text => emoji(text) && text.Contains('\0') ? "NUL is an emoji" : null),
            Text(text => zone(text) && text.Length > 64 ? "a time zone that is too long" : null),
            Text(text => { draft.Invoke(null, [text, 4000L]); return null; }),
            Text(text => line.Invoke(null, [text, 64, null]) is true && text.Contains('\n') && text.Trim().Contains('\n') ? "a line of two lines" : null),
        ];
    }

    public int Count => _all.Length;

    /// <summary>Has one of them read something.</summary>
    /// <returns>What it did that it must not; null: nothing.</returns>
    public string? Read(int reader, byte[] bytes)
    {
        try
        {
            return _all[reader](bytes);
        }
        catch (Exception broken)
        {
            return $"reader {reader} threw {broken.InnerException ?? broken}";
        }
    }

    // The short way may leave a post to the long way, but must not read another one.
    static string? Frame(byte[] utf8, FromBytes quick, JsonTypeInfo frames)
    {
        object? post;
        try
        {
            post = quick(utf8);
        }
        catch (Exception unsound) when (unsound is JsonException or InvalidOperationException)
        {
            post = null;
        }
        var (frame, wrong) = Json(utf8, frames);
        return wrong ?? (post is not null && !post.Equals(frame) ? $"the short way reads {post}, the long way {frame}" : null);
    }

    static (object? Value, string? Wrong) Json(byte[] utf8, JsonTypeInfo type)
    {
        try
        {
            return (JsonSerializer.Deserialize(utf8, type), null);
        }
        // What the doors expect of the reader.
        catch (Exception unsound) when (unsound is JsonException or NotSupportedException or InvalidOperationException)
        {
            return (null, null);
        }
    }

    // As the doors do: what is no UTF-8 never comes so far.
    static Func<byte[], string?> Text(Func<string, string?> read) => utf8 => System.Text.Unicode.Utf8.IsValid(utf8) ? read(Encoding.UTF8.GetString(utf8)) : null;

    static MethodInfo Method(Assembly assembly, string type, string name) =>
        assembly.GetType(type, true)!.GetMethod(name, BindingFlags.Static | BindingFlags.Public) ?? throw new ProofException($"There is no {type}.{name} any more.");
}
