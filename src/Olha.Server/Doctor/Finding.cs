namespace Olha.Server.Doctor;

/// <summary>How a finding is to be taken: a warning should be looked at, a problem keeps the server from working or will soon.</summary>
internal enum Severity { Ok, Warning, Problem }

/// <summary>What an examination found.</summary>
/// <param name="Area">What was looked at, one word.</param>
/// <param name="Code">A stable word for machines.</param>
/// <param name="Severity">How it is to be taken.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Advice">What to do; null: nothing.</param>
internal sealed record Finding(string Area, string Code, Severity Severity, string Text, string? Advice = null)
{
    public static Finding Ok(string area, string code, string text, string? advice = null) => new(area, code, Severity.Ok, text, advice);

    public static Finding Warning(string area, string code, string text, string advice) => new(area, code, Severity.Warning, text, advice);

    public static Finding Problem(string area, string code, string text, string advice) => new(area, code, Severity.Problem, text, advice);
}
