namespace Olha.Server.Commands;

/// <summary>For a log: a line when a phase begins and ends, and every few seconds between.</summary>
internal sealed class LineOutput() : Output(TimeSpan.FromSeconds(5))
{
    public override void Note(string code, string text) => Console.WriteLine(text);

    protected override void Draw(Progress progress, bool isNew) =>
        Console.WriteLine($"{progress.Phase}: {progress.Done:N0} of {progress.Total:N0} {progress.Unit} ({progress.Percent}%)");
}
