using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.StaticFiles;

namespace Olha.Server.Http;

/// <summary>The web app that the build embedded, by path.</summary>
internal sealed class WebAssets
{
    const string Prefix = "web/";
    readonly FrozenDictionary<string, WebAsset> _byPath;

    public WebAssets(Assembly assembly)
    {
        var types = new FileExtensionContentTypeProvider();
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToHashSet();
        _byPath = names.Where(name => !IsCompressedForm(name)).ToFrozenDictionary(
            name => name[(Prefix.Length - 1)..],
            name => new WebAsset(assembly, name, TypeOf(name), name.StartsWith("web/_app/immutable/", StringComparison.Ordinal),
                brotli: names.Contains(name + ".br"), gzip: names.Contains(name + ".gz")));
        Index = _byPath.GetValueOrDefault("/index.html");

        bool IsCompressedForm(string name) =>
            Path.GetExtension(name) is ".br" or ".gz" && names.Contains(Path.ChangeExtension(name, null));

        string TypeOf(string name) =>
            !types.TryGetContentType(name, out var type) ? "application/octet-stream"
            : type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8"
            : type;
    }

    /// <summary>The page that every address of the app starts with; null when this build carries no web app.</summary>
    public WebAsset? Index { get; }

    public WebAsset? Find(string path) => _byPath.GetValueOrDefault(path);
}
