using System.Globalization;
using System.Text.RegularExpressions;
using Olha.Protocol;

namespace Olha.Server.Export;

/// <summary>A room as pages to read: one, or when it is large one for each month and an overview of them.</summary>
/// <remarks>Written as the messages come, so a page of any room costs no more memory than one message.</remarks>
internal sealed partial class RoomPages(ExportFolder folder, ExportWords words, ExportPeople people, Room room, string title, bool isLarge) : IDisposable
{
    const int MostOnPage = 5000;

    readonly List<(string File, string Title, long Count)> _months = [];
    HtmlPage? _page;
    string _month = "";
    string _day = "";
    long _count;
    long _first; // of the page

    /// <summary>The page that leads to all of the room.</summary>
    public static string Entry(long roomId) => string.Create(CultureInfo.InvariantCulture, $"pages/{roomId}.html");

    public void Add(ExportedMessage exported)
    {
        var message = exported.Message;
        var day = message.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        // Clocks have been set back, and adopted histories have whatever times they had: what seems earlier stays where it was said.
        var month = string.CompareOrdinal(day[..7], _month) > 0 ? day[..7] : _month;
        if (_page is null || (isLarge && (month != _month || _count == MostOnPage))) Turn(month);
        if (_count == 0) _first = message.Seq;
        if (day != _day) _page!.Write($"<h2>{day}</h2>\n");
        (_day, _count) = (day, _count + 1);
        if (message.System is { } line) Write(_page!, message, line);
        else Write(_page!, exported);
    }

    /// <summary>Ends the last page, or makes the only one of a room in which nothing is.</summary>
    public void Finish()
    {
        if (_page is null && !isLarge) Turn("");
        Close(next: null);
        if (!isLarge) return;
        using var overview = new HtmlPage(folder.New(Entry(room.Id)), words, title);
        Head(overview, title);
        overview.Write($"<table>\n");
        foreach (var (file, name, count) in _months) overview.Write($"<tr><td><a href=\"{Path.GetFileName(file)}\">{name}</a></td><td>{count}</td></tr>\n");
        overview.Write($"</table>\n");
    }

    public void Dispose() => _page?.Dispose();

    void Turn(string month)
    {
        var part = month == _month ? _months.Count(it => it.Title.StartsWith(month, StringComparison.Ordinal)) + 1 : 1;
        var name = part > 1 ? string.Create(CultureInfo.InvariantCulture, $"{month}-{part}") : month;
        var file = isLarge ? string.Create(CultureInfo.InvariantCulture, $"pages/{room.Id}-{name}.html") : Entry(room.Id);
        var before = _months.Count > 0 ? _months[^1].File : null;
        Close(file);
        if (isLarge) before = _months.Count > 0 ? _months[^1].File : null;
        (_month, _day, _count) = (month, "", 0);
        _months.Add((file, name, 0));

        var heading = isLarge ? $"{title}, {name}" : title;
        _page = new HtmlPage(folder.New(file), words, heading);
        Head(_page, heading);
        if (before is not null) _page.Write($"<nav><a href=\"{Path.GetFileName(before)}\">{words.Earlier}</a></nav>\n");
    }

    void Close(string? next)
    {
        if (_page is null) return;
        _months[^1] = _months[^1] with { Count = _count };
        if (next is not null) _page.Write($"<nav><a href=\"{Path.GetFileName(next)}\">{words.Later}</a></nav>\n");
        _page.Dispose();
        _page = null;
    }

    void Head(HtmlPage page, string heading)
    {
        page.Write($"<nav><a href=\"../index.html\">{words.Overview}</a>");
        if (isLarge) page.Write($" <a href=\"{Path.GetFileName(Entry(room.Id))}\">{title}</a>");
        page.Write($"</nav>\n<h1>{heading}</h1>\n");
        if (room.Topic is { } topic) page.Write($"<p>{topic}</p>\n");
    }

    void Write(HtmlPage page, Message message, SystemLine line)
    {
        var sentence = words.Sentence(line, people.NameOf(message.AuthorId), people.NameOf(line.UserId ?? message.AuthorId));
        page.Write($"<p class=\"line\" id=\"m{message.Seq}\">{sentence} <time datetime=\"{message.CreatedAt:yyyy-MM-ddTHH:mm:ss.fffZ}\">{message.CreatedAt:HH:mm}</time></p>\n");
    }

    void Write(HtmlPage page, ExportedMessage exported)
    {
        var message = exported.Message;
        page.Write($"""
            <article id="m{message.Seq}">
            <header><b style="color:{people.ColorOf(message.AuthorId)}">{people.NameOf(message.AuthorId)}</b> <a href="#m{message.Seq}"><time datetime="{message.CreatedAt:yyyy-MM-ddTHH:mm:ss.fffZ}">{message.CreatedAt:HH:mm}</time></a>
            """);
        if (message.EditedAt is not null && message.DeletedAt is null) page.Write($" <small>{words.Edited}</small>");
        if (message.PinnedAt is not null) page.Write($" <small>{words.Pinned}</small>");
        page.Write($"</header>\n");
        if (message.ReplyTo is { } reply && message.DeletedAt is null)
        {
            var answered = exported.Answered ?? words.Deleted;
            if (reply.Seq >= _first) page.Write($"<blockquote><a href=\"#m{reply.Seq}\">{people.NameOf(reply.AuthorId)}</a> {answered}</blockquote>\n");
            else page.Write($"<blockquote>{people.NameOf(reply.AuthorId)} {answered}</blockquote>\n");
        }
        if (message.DeletedAt is not null) page.Write($"<p class=\"gone\">{words.Deleted}</p>\n");
        else WriteBody(page, message.Body ?? "");
        if (message.Reactions is { Count: > 0 } reactions)
        {
            page.Write($"<footer>");
            foreach (var (emoji, users) in reactions) page.Write($"<span title=\"{string.Join(", ", users.Select(people.NameOf))}\">{emoji} {users.Count}</span> ");
            page.Write($"</footer>\n");
        }
        page.Write($"</article>\n");
    }

    static void WriteBody(HtmlPage page, string body)
    {
        page.Write($"<p>");
        var from = 0;
        foreach (var link in Link().EnumerateMatches(body))
        {
            var address = body.Substring(link.Index, link.Length);
            page.Write($"{body[from..link.Index]}<a href=\"{address}\" rel=\"noreferrer\">{address}</a>");
            from = link.Index + link.Length;
        }
        page.Write($"{body[from..]}</p>\n");
    }

    [GeneratedRegex(@"\bhttps?://[^\s<>""]*[^\s<>"".,;:!?')\]}]", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
