using System.Text.Json.Nodes;

namespace Olha.Server.Commands;

/// <summary>How a command ended.</summary>
/// <param name="Exit">The exit code: 0 done, 1 not done, 2 not understood.</param>
/// <param name="Code">A stable word for machines.</param>
/// <param name="Text">For people: one line when it was not done.</param>
/// <param name="Facts">More for machines.</param>
internal sealed record Ending(int Exit, string Code, string Text, JsonObject? Facts = null)
{
    public static Ending Done(string text, JsonObject? facts = null) => new(0, "done", text, facts);

    public static Ending Failed(string code, string text) => new(1, code, text);

    /// <summary>What was asked for makes no sense.</summary>
    public static Ending Misused(string text) => new(2, "misused", text);
}
