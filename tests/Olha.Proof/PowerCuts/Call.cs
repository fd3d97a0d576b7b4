namespace Olha.Proof;

/// <summary>A system call of the recorded program.</summary>
/// <param name="name">Which.</param>
/// <param name="line">Its line in the trace, for messages.</param>
internal sealed class Call(string name, int line)
{
    public string Name => name;

    public int Line => line;

    /// <summary>The arguments as strace writes them; complete when the call has ended.</summary>
    public string Arguments { get; set; } = "";

    /// <summary>What it returned; null: it never did. Negative: it failed.</summary>
    public long? Result { get; set; }

    /// <summary>The path of the descriptor that it returned.</summary>
    public string? Opened { get; set; }

    /// <summary>Whether it failed or did nothing because the recording wanted it so.</summary>
    public bool IsInjected { get; set; }
}

/// <summary>What is seen of a call: that it began or that it ended. In between, others begin and end.</summary>
internal readonly record struct Happening(Call Call, bool Ended);
