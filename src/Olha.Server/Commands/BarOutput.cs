namespace Olha.Server.Commands;

/// <summary>For a terminal: a line that is drawn again and again, and stays when its phase is done.</summary>
internal sealed class BarOutput() : Output(TimeSpan.FromMilliseconds(100))
{
    const int BarWidth = 24;
    const int PhaseWidth = 10;
    const string ToLineStart = "\r";
    const string EraseLine = "\e[2K";

    readonly TimeProvider _clock = TimeProvider.System;
    long _began;
    long _first;
    bool _isOpen;

    public override void Note(string code, string text)
    {
        EndLine();
        Console.WriteLine(text);
    }

    public override int End(Ending ending)
    {
        EndLine();
        return base.End(ending);
    }

    protected override void Draw(Progress progress, bool isNew)
    {
        if (isNew)
        {
            EndLine();
            (_began, _first) = (_clock.GetTimestamp(), progress.Done);
        }
        var filled = progress.Percent * BarWidth / 100;
        var bar = $"[{new string('#', filled)}{new string('-', BarWidth - filled)}]";
        var text = $"{progress.Phase,-PhaseWidth} {bar} {progress.Percent,3}%  {progress.Done:N0}/{progress.Total:N0} {progress.Unit}{Pace(progress)}";
        if (!progress.IsLast && progress.With.Length > 0) text += $"  {progress.With}";
        var width = WindowWidth();
        Console.Write($"{ToLineStart}{EraseLine}{(text.Length < width ? text : text[..(width - 1)])}");
        _isOpen = true;
    }

    string Pace(Progress progress)
    {
        var spent = _clock.GetElapsedTime(_began).TotalSeconds;
        if (spent < 1 || progress.Done <= _first) return "";
        var pace = (progress.Done - _first) / spent;
        if (progress.IsLast) return $"  {pace:N0}/s";
        var left = TimeSpan.FromSeconds(Math.Min((progress.Total - progress.Done) / pace, 359_999));
        return $"  {pace:N0}/s  {(int)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00} left";
    }

    void EndLine()
    {
        if (_isOpen) Console.WriteLine();
        _isOpen = false;
    }

    // Some terminals do not say.
    static int WindowWidth() => Console.WindowWidth is >= 40 and var width ? width : 80;
}
