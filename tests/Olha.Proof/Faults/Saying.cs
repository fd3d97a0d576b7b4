using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Something that a talker says, from the first try until it is acknowledged and after. The talker's own to change.</summary>
/// <param name="talker">Whose.</param>
/// <param name="number">Its place among what this talker says, from 1.</param>
/// <param name="body">The words.</param>
internal sealed class Saying(string talker, int number, string body)
{
    public string Talker => talker;

    public int Number => number;

    public string Body => body;

    public string Cid { get; } = $"{talker}-{number}";

    /// <summary>Null as long as it is not acknowledged.</summary>
    public Ack? Ack { get; set; }

    /// <summary>Whether it was ever refused: it is tried again later, behind others.</summary>
    public bool WasRefused { get; set; }

    /// <summary>Not to be tried before, in milliseconds of <see cref="Environment.TickCount64"/>; null while an answer is due.</summary>
    public long? DueAt { get; set; } = 0;

    /// <summary>When it was tried last, a <see cref="System.Diagnostics.Stopwatch"/>'s.</summary>
    public long TriedAt { get; set; }
}

/// <summary>A no.</summary>
/// <param name="Code">The refusal's code.</param>
/// <param name="Retry">Whether the same may succeed later.</param>
/// <param name="At">When it came, a <see cref="System.Diagnostics.Stopwatch"/>'s.</param>
/// <param name="Waited">How long after the try.</param>
internal sealed record Refusing(string Code, bool Retry, long At, TimeSpan Waited);
