using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What a program did to its files and said to its clients, over one life or several.</summary>
/// <param name="Folder">The data folder, of which the paths in it tell.</param>
/// <param name="Before">What lay in it, by name.</param>
/// <param name="Happenings">Everything, in its order.</param>
/// <param name="Asked">By cid, all that was said to it.</param>
/// <param name="Token">A session's, with which images can be looked at through the program; null: nobody signed in.</param>
internal sealed record Recorded(
    string Folder, IReadOnlyDictionary<string, byte[]> Before, IReadOnlyList<Happening> Happenings, IReadOnlyDictionary<string, string> Asked,
    string? Token);

/// <summary>A folder as it may be found after the power went.</summary>
/// <param name="Number">Which one, from 0: with the seed it names the image.</param>
/// <param name="At">Before this happening.</param>
/// <param name="Files">By name.</param>
/// <param name="Acknowledged">What clients had been told by then.</param>
/// <param name="SignedIn">Whether the session had been given to its client by then.</param>
internal sealed record Image(
    int Number, int At, IReadOnlyDictionary<string, byte[]> Files, IReadOnlyList<Ack> Acknowledged, bool SignedIn)
{
    /// <summary>Lays the files into a folder.</summary>
    public void LayInto(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in Files) File.WriteAllBytes(Path.Combine(folder, name), content);
    }
}
