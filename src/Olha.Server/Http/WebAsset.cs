using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Olha.Server.Http;

/// <summary>One file of the web app, with the encodings in which the build compressed it.</summary>
internal sealed class WebAsset(Assembly assembly, string name, string contentType, bool immutable, bool brotli, bool gzip)
{
    public string ContentType => contentType;

    public StringValues CacheControl { get; } = immutable ? "public, max-age=31536000, immutable" : "no-cache";

    /// <summary>Whether the answer depends on <c>Accept-Encoding</c>.</summary>
    public bool Varies => brotli || gzip;

    readonly Form _plain = new(assembly, name, null);
    readonly Form? _brotli = brotli ? new(assembly, name + ".br", "br") : null;
    readonly Form? _gzip = gzip ? new(assembly, name + ".gz", "gzip") : null;

    /// <summary>The form that the client likes best; of two that it likes equally the smaller one.</summary>
    public Form Best(IList<StringWithQualityHeaderValue> accepted)
    {
        var (best, liking) = (_plain, 0.0);
        foreach (var form in (ReadOnlySpan<Form?>)[_brotli, _gzip])
            if (form is not null && Liking(accepted, form.Encoding!) is var q && q > liking)
                (best, liking) = (form, q);
        return liking >= Liking(accepted, "identity", absent: 0) ? best : _plain;
    }

    /// <summary>The plain text, to look into.</summary>
    public string ReadText()
    {
        using var reader = new StreamReader(_plain.Open());
        return reader.ReadToEnd();
    }

    static double Liking(IList<StringWithQualityHeaderValue> accepted, string encoding, double? absent = null)
    {
        double? any = absent;
        foreach (var value in accepted)
        {
            if (value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase)) return value.Quality ?? 1;
            if (absent is null && value.Value == "*") any = value.Quality ?? 1;
        }

        return any ?? 0;
    }

    /// <summary>The bytes of a file in one encoding; null is plain.</summary>
    internal sealed class Form(Assembly assembly, string name, string? encoding)
    {
        // Hashed when first asked for, so that starting costs nothing.
        readonly Lazy<EntityTagHeaderValue> _tag = new(() => Hash(assembly, name));

        public string? Encoding => encoding;

        public EntityTagHeaderValue Tag => _tag.Value;

        public Stream Open() => Open(assembly, name);

        static EntityTagHeaderValue Hash(Assembly assembly, string name)
        {
            using var stream = Open(assembly, name);
            return new($"\"{Convert.ToHexStringLower(SHA256.HashData(stream).AsSpan(0, 16))}\"");
        }

        static Stream Open(Assembly assembly, string name) => assembly.GetManifestResourceStream(name)!;
    }
}
