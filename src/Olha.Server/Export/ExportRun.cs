using System.Text.Json;
using Olha.Protocol;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Export;

/// <summary>What is wanted of an export.</summary>
/// <param name="PublicOnly">Whether closed rooms and direct messages are left out.</param>
/// <param name="Words">The language of the pages.</param>
/// <param name="Program">The program's version, for the index.</param>
/// <param name="At">The moment of the snapshot.</param>
internal sealed record ExportWishes(bool PublicOnly, ExportWords Words, string Program, DateTimeOffset At);

/// <summary>What an export holds.</summary>
internal readonly record struct ExportReport(int People, int Rooms, long Messages);

/// <summary>Writes a server's rooms as JSON Lines for programs and as pages for people.</summary>
/// <remarks>What is read is written at once: memory grows with people and rooms, not with messages.</remarks>
internal sealed class ExportRun(Session session, ExportFolder folder, ExportWishes wishes, Action<string, long, long> progress)
{
    const int FormatVersion = 1;

    /// <summary>More messages than these, and a room has a page a month.</summary>
    const int Large = 2000;

    sealed record Done(Room Room, string Title, string File, long Messages, long Members);

    readonly ExportStore _store = new(session);
    readonly ExportPeople _people = new(wishes.Words);
    readonly List<Done> _done = [];
    long _written;
    long _total;

    public async Task<ExportReport> RunAsync(CancellationToken ct)
    {
        var server = await _store.ServerNameAsync();
        await WritePeopleAsync(ct);
        var rooms = (await _store.RoomsAsync()).Where(room => !wishes.PublicOnly || room.RoomKind is RoomKind.Open).ToList();
        _total = rooms.Sum(CountOf);
        foreach (var room in rooms) await WriteRoomAsync(room, ct);
        progress("", _total, _total);
        WritePage(server);
        WriteIndex(server);
        return new(_people.Count, _done.Count, _done.Sum(static it => it.Messages));
    }

    static long CountOf(RoomRow room) => Math.Max(0, room.LastSeq - room.FirstSeq + 1);

    async Task WritePeopleAsync(CancellationToken ct)
    {
        using var lines = new JsonLines(folder.New("people.jsonl"));
        await foreach (var person in _store.PeopleAsync().WithCancellation(ct))
        {
            ct.ThrowIfCancellationRequested();
            lines.Add("person", person, ProtocolJson.Wire.Person);
            _people.Add(person);
        }
    }

    async Task WriteRoomAsync(RoomRow row, CancellationToken ct)
    {
        var room = row.ToRoom();
        var (title, file) = (_people.TitleOf(room), FormattableString.Invariant($"rooms/{room.Id}.jsonl"));
        progress(title, _written, _total);
        using var lines = new JsonLines(folder.New(file));
        lines.Add("room", room, ProtocolJson.Wire.Room);
        var (members, messages) = (0L, 0L);
        await foreach (var member in _store.MembersAsync(room.Id))
        {
            lines.Add("member", member, ProtocolJson.Wire.Member);
            members++;
        }
        using var pages = new RoomPages(folder, wishes.Words, _people, room, title, CountOf(row) > Large);
        await foreach (var exported in _store.MessagesAsync(room.Id))
        {
            ct.ThrowIfCancellationRequested();
            lines.Add("message", exported.Message, ProtocolJson.Wire.Message);
            pages.Add(exported);
            messages++;
            if (messages % 256 == 0) progress(title, Math.Min(_written + messages, _total - 1), _total);
        }
        pages.Finish();
        _written += messages;
        _done.Add(new(room, title, file, messages, members));
    }

    void WritePage(string server)
    {
        var words = wishes.Words;
        using var page = new HtmlPage(folder.New("index.html"), words, server);
        var asItWas = string.Format(null, words.AsItWas, server, wishes.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm", null));
        page.Write($"<h1>{server}</h1>\n<p>{asItWas}</p>\n<p>{(wishes.PublicOnly ? words.OnlyPublic : words.Everything)}</p>\n");
        Write(page, words.Rooms, _done.Where(static it => it.Room.Kind is not RoomKind.Direct));
        if (!wishes.PublicOnly) Write(page, words.DirectMessages, _done.Where(static it => it.Room.Kind is RoomKind.Direct));
    }

    void Write(HtmlPage page, string heading, IEnumerable<Done> rooms)
    {
        var words = wishes.Words;
        page.Write($"<h2>{heading}</h2>\n<table>\n<tr><th></th><th>{words.Messages}</th><th>{words.People}</th></tr>\n");
        foreach (var (room, title, _, messages, members) in rooms)
        {
            page.Write($"<tr><td><a href=\"{RoomPages.Entry(room.Id)}\">{title}</a>");
            if (room.Kind is RoomKind.Closed) page.Write($" <small>{words.Closed}</small>");
            if (room.ArchivedAt is not null) page.Write($" <small>{words.Archived}</small>");
            page.Write($"</td><td>{messages}</td><td>{members}</td></tr>\n");
        }
        page.Write($"</table>\n");
    }

    void WriteIndex(string server)
    {
        using var to = folder.New(ExportFolder.Index);
        using var json = new Utf8JsonWriter(to, JsonLines.Form with { Indented = true });
        json.WriteStartObject();
        json.WriteString("format"u8, "olha-export");
        json.WriteNumber("formatVersion"u8, FormatVersion);
        json.WriteString("program"u8, wishes.Program);
        json.WriteString("exportedAt"u8, wishes.At.UtcDateTime);
        json.WriteString("server"u8, server);
        json.WriteBoolean("publicOnly"u8, wishes.PublicOnly);
        json.WriteString("language"u8, wishes.Words.Language);
        json.WriteString("people"u8, "people.jsonl");
        json.WriteNumber("messages"u8, _done.Sum(static it => it.Messages));
        json.WriteStartArray("rooms"u8);
        foreach (var (room, title, file, messages, _) in _done)
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, room.Id);
            json.WriteString("kind"u8, Kinds.Word(room.Kind));
            json.WriteString("title"u8, title);
            json.WriteString("file"u8, file);
            json.WriteString("page"u8, RoomPages.Entry(room.Id));
            json.WriteNumber("messages"u8, messages);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
