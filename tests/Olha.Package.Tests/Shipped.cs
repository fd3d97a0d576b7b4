using System.Runtime.InteropServices;

namespace Olha.Package.Tests;

/// <summary>What script/publish and script/package made.</summary>
internal static class Shipped
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Kind { get; } = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? "linux-x64" : "linux-arm64";

    public static string Version { get; } = Between(Read("Directory.Build.props"), "<Version>", "</Version>");

    public static string Program =>
        Environment.GetEnvironmentVariable("OLHA_TEST_BINARY") is { Length: > 0 } given ? given : Found($"artifacts/publish/{Kind}/olha", "script/publish");

    public static string Deb => Found(
        $"artifacts/package/olha-mensagem_{Version}_{(Kind == "linux-x64" ? "amd64" : "arm64")}.deb", "script/package");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string Between(string text, string before, string after) => text.Split(before, 2)[1].Split(after, 2)[0];

    static string Found(string path, string madeBy) =>
        File.Exists(Path.Combine(Root, path)) ? Path.Combine(Root, path) : throw new FileNotFoundException($"Run {madeBy} first: {path} is missing.");

    static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Olha.slnx")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
