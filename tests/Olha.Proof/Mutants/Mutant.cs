namespace Olha.Proof;

/// <summary>A deliberate fault of the server. A checker that doesn't see it would not see the real one either.</summary>
/// <param name="Name">What it is switched on by.</param>
/// <param name="Does">What is wrong with such a server, in a sentence.</param>
/// <param name="Invariant">Which promise it breaks: 1 to 8 for I1 to I8. A run must say that this one was broken, whatever else it says.</param>
/// <param name="Shown">The run that shows it.</param>
/// <param name="Edits">What is wrong, in the server's source.</param>
internal sealed record Mutant(string Name, string Does, int Invariant, Showing Shown, IReadOnlyList<Edit> Edits);

/// <summary>Other words for a place in the server's source.</summary>
/// <param name="File">Below <c>src</c>, with slashes.</param>
/// <param name="Before">What stands there now: whole lines or a part of one, exactly once in the file. How far its lines are indented
/// does not matter.</param>
/// <param name="After">What is to stand there; <c>$on</c> in it is the switch, a condition. Whatever is not behind it must not change what
/// the server does.</param>
internal sealed record Edit(string File, string Before, string After);
