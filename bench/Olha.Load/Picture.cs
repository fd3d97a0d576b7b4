using System.Globalization;
using System.Net;
using System.Text;

namespace Olha.Load;

/// <summary>The report's goals as a picture: how many times the floor each door takes, and where the goal is.</summary>
/// <remarks>An SVG by hand: bars on a logarithmic scale that begin at the floor, text as text, colours by the reader's theme.</remarks>
internal sealed class Picture(IReadOnlyList<Measured> measured)
{
    const int Width = 880, Left = 132, Right = 780; // bars between; their figures may stand beyond
    const int Head = 86, GroupHead = 42, Row = 22, Bar = 14, Foot = 44, FigureWidth = 52;

    static readonly double[] s_marks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    static readonly (Door Door, string Name, string Class)[] s_doors =
    [
        (Door.Original, "original's door", "own soft"), (Door.V1, "v1", "own"),
        .. Peer.All.Select(peer => (peer.Door, peer.Name, "peer")),
    ];

    const string Explanation = "Times what a C program takes that only passes messages on. Shorter is better. The scale is logarithmic.";

    const string Style = """
        <style>
          svg { color-scheme: light dark; }
          text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: #23293a; }
          .paper { fill: #fbf9f4; }
          text { paint-order: stroke; stroke: #fbf9f4; stroke-width: 4px; stroke-linejoin: round; }
          .title { font-size: 20px; font-weight: 600; }
          .soft-text, .tick { fill: #5b6274; }
          .tick { font-size: 12px; }
          .head { font-weight: 600; }
          .figure, .tick { font-variant-numeric: tabular-nums; }
          .grid { stroke: #e3dfd4; }
          .floor { stroke: #8d92a0; stroke-width: 1.5; }
          .own { fill: #2a62a8; }
          .own.soft { fill: #7fa6d6; }
          .peer { fill: #b9b6ac; }
          .goal { stroke: #b86a00; stroke-width: 2.5; }
          .goal-text { fill: #8f5200; font-size: 12px; }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6e8ee; stroke: #1a2130; }
            .soft-text, .tick { fill: #a4acbd; }
            .paper { fill: #1a2130; }
            .grid { stroke: #2c3547; }
            .floor { stroke: #78829a; }
            .own { fill: #6ea6ec; }
            .own.soft { fill: #3f6da8; }
            .peer { fill: #5a6274; }
            .goal { stroke: #f2ae49; }
            .goal-text { fill: #f2ae49; }
          }
        </style>
        """;

    readonly List<Group> _groups = [.. Groups(measured)];

    /// <returns>The file's text; null when nothing has a ratio.</returns>
    public string? Render()
    {
        if (_groups.Count == 0) return null;
        var (svg, height) = (new StringBuilder(), Head + _groups.Sum(group => GroupHead + group.Bars.Count * Row) + Foot);
        svg.Append(Text($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}"
              role="img" aria-labelledby="title desc">
            <title id="title">Load benchmark: cost beside the floor</title>
            <desc id="desc">{Encoded(Description())}</desc>
            {Style}
            <rect class="paper" width="{Width}" height="{height}" rx="10"/>
            <text class="title" x="24" y="38">Cost beside the floor</text>
            <text class="soft-text" x="24" y="61">{Explanation}</text>

            """));
        DrawGrid(svg, height);
        var y = Head;
        foreach (var group in _groups) y = Draw(svg, group, y);
        return svg.Append("</svg>\n").ToString();
    }

    void DrawGrid(StringBuilder svg, int height)
    {
        foreach (var mark in s_marks.Where(mark => mark >= Least && mark <= Most))
            svg.Append(Text($"""
                <line class="{(mark == 1 ? "floor" : "grid")}" x1="{X(mark):0.#}" y1="{Head}" x2="{X(mark):0.#}" y2="{height - Foot + 8}"/>
                <text class="tick" x="{X(mark):0.#}" y="{height - Foot + 26}" text-anchor="middle">
                  {(mark == 1 ? "floor" : Times(mark))}
                </text>

                """));
    }

    int Draw(StringBuilder svg, Group group, int y)
    {
        svg.Append(Text($"""
            <text class="head" x="24" y="{y + 25}">
              {Encoded(group.Title)} <tspan class="soft-text" font-weight="400">{Encoded(group.What)}</tspan>
            </text>
            <text class="goal-text" x="{Right}" y="{y + 25}" text-anchor="end">goal {Encoded(group.Words)}</text>

            """));
        var first = y += GroupHead - 6;
        foreach (var bar in group.Bars)
        {
            DrawBar(svg, bar, IsOurs(bar.Door) ? X(group.Goal) : 0, y);
            y += Row;
        }
        if (group.Bars.Count(bar => IsOurs(bar.Door)) is > 0 and var ours) // they come first; the peers have no goal
            svg.Append(Text($"""
                <line class="goal" x1="{X(group.Goal):0.#}" y1="{first - 5}" x2="{X(group.Goal):0.#}" y2="{first + ours * Row - 3}"/>

                """));
        return y + 6;
    }

    // The figure stands behind its bar, or behind the goal when that is in its place.
    void DrawBar(StringBuilder svg, BarOf bar, double goal, int y)
    {
        var (_, name, style) = s_doors.Single(it => it.Door == bar.Door);
        var (from, to) = (Math.Min(X(1), X(bar.Ratio)), Math.Max(X(1), X(bar.Ratio)));
        svg.Append(Text($"""<text class="soft-text" x="{Left - 12}" y="{y + 11.5}" text-anchor="end">{Encoded(name)}</text>"""));
        if (bar.Why is { } why)
        {
            svg.Append(Text($"""<text x="{X(1) + 8:0.#}" y="{y + 11.5}">does not count: {Encoded(why)}</text>""")).Append('\n');
            return;
        }
        var figure = goal > to - 3 && goal < to + FigureWidth ? goal : to;
        svg.Append(Text($"""
            <rect class="{style}" x="{from:0.#}" y="{y}" width="{Math.Max(to - from, 2):0.#}" height="{Bar}" rx="3"/>
            <text class="figure" x="{figure + 8:0.#}" y="{y + 11.5}">{bar.Ratio:0.00}×</text>

            """));
    }

    string Description() => string.Join(". ", _groups.Select(group => $"{group.Title}, {group.What}: "
        + string.Join(", ", group.Bars.Select(bar => $"{s_doors.Single(it => it.Door == bar.Door).Name} {bar.Why ?? Times(bar.Ratio)}"))
        + $"; goal {group.Words}"));

    double Least => s_marks.Last(mark => mark <= Math.Min(1, All.Min()));
    double Most => s_marks.First(mark => mark >= Math.Max(2, All.Max()));

    IEnumerable<double> All => _groups
        .SelectMany(group => group.Bars.Where(bar => bar.Why is null).Select(bar => bar.Ratio).Append(group.Goal))
        .Select(ratio => Math.Clamp(ratio, s_marks[0], s_marks[^1]));

    double X(double ratio) =>
        Left + (Right - Left) * Math.Log(Math.Clamp(ratio, Least, Most) / Least) / Math.Log(Most / Least);

    static IEnumerable<Group> Groups(IReadOnlyList<Measured> measured) =>
        from one in measured
        from metric in one.Case.Metrics
        let floor = Report.Value(one.Medians, Door.Floor, metric)
        where metric.Goal?.Limit is not null && floor > 0
        let bars = from door in s_doors
                   where one.Medians.ContainsKey(door.Door)
                   let figures = one.Medians[door.Door]
                   where figures[metric.Key] is > 0
                   select new BarOf(door.Door, figures[metric.Key]!.Value / floor!.Value, figures.Invalid)
        where bars.Any()
        select new Group(one.Case.Title, metric.Words, [.. bars], metric.Goal!.Limit!(floor.Value) / floor.Value, metric.Goal.Words);

    static bool IsOurs(Door door) => door is Door.Original or Door.V1;
    static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.##}×");
    static string Text(FormattableString text) => FormattableString.Invariant(text);
    static string Encoded(string text) => WebUtility.HtmlEncode(text);

    sealed record BarOf(Door Door, double Ratio, string? Why);

    sealed record Group(string Title, string What, IReadOnlyList<BarOf> Bars, double Goal, string Words);
}
