namespace Olha.Server.Commands;

/// <summary>How far a command is.</summary>
/// <param name="Phase">One word for what it does.</param>
/// <param name="With">What it does that with; may be empty.</param>
/// <param name="Done">So much is done in this phase.</param>
/// <param name="Total">Of so much.</param>
/// <param name="Unit">Of what, in the plural.</param>
internal readonly record struct Progress(string Phase, string With, long Done, long Total, string Unit)
{
    public int Percent => Total == 0 ? 100 : (int)(Done * 100 / Total);

    public bool IsLast => Done >= Total;
}

/// <summary>What a command tells while it works and when it has ended. On a terminal it draws a bar, elsewhere it writes lines,
/// and after <c>--json</c> one JSON object a line.</summary>
internal abstract class Output(TimeSpan pace)
{
    readonly TimeProvider _clock = TimeProvider.System;
    long _shown;
    Progress _last;

    public static Output Open(bool json, string command) =>
        json ? new JsonOutput(command)
        : !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb" ? new BarOutput()
        : new LineOutput();

    /// <summary>May be called as often as there is something new: what comes too soon is left out, the end of a phase never is.
    /// One call at a time.</summary>
    public void Show(Progress progress)
    {
        var isNew = progress.Phase != _last.Phase;
        if (!isNew && (progress.IsLast ? _last.IsLast : _clock.GetElapsedTime(_shown) < pace)) return;
        (_shown, _last) = (_clock.GetTimestamp(), progress);
        Draw(progress, isNew);
    }

    /// <summary>Shows what a command found, though it did not end well. For machines it stands in the result.</summary>
    public virtual void Say(string text) => Console.WriteLine(text);

    /// <summary>Something to know that is no progress.</summary>
    /// <param name="code">A stable word for machines.</param>
    /// <param name="text">One line.</param>
    public abstract void Note(string code, string text);

    /// <returns>The exit code.</returns>
    public virtual int End(Ending ending)
    {
        if (ending.Exit == 0) Console.WriteLine(ending.Text);
        else Console.Error.WriteLine($"olha: {ending.Text}");
        return ending.Exit;
    }

    /// <summary>The settings are wrong: one line each.</summary>
    /// <returns>The exit code.</returns>
    public virtual int Refuse(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems) Console.Error.WriteLine($"olha: {problem}");
        return 1;
    }

    protected abstract void Draw(Progress progress, bool isNew);
}
