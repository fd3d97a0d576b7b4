using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Olha.Protocol;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary><c>olha export</c>: the real program beside a real server, on both databases.</summary>
public sealed class ExportTests(PostgresServer postgres) : IAsyncLifetime
{
    MovingHouse _house = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Out => Path.Combine(_house.Folder, "out");

    public async ValueTask InitializeAsync() => _house = await MovingHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_that_can_be_read_is_in_it_and_nothing_that_was_deleted(bool onPostgres)
    {
        await using var server = _house.Start(onPostgres);
        var life = new Life();
        await life.BeginAsync(await server.Address);

        var (code, said, complaint) = await ExportAsync(onPostgres, "out", "--json");

        Assert.Equal((0, ""), (code, complaint));
        var result = JsonNode.Parse(said.Split('\n')[^1])!;
        var index = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Out, "export.json"), Ct))!;
        Assert.Equal("olha-export", (string?)index["format"]);
        Assert.Equal((long)index["messages"]!, (long)result["messages"]!);
        var people = Lines("people.jsonl").ConvertAll(static line => line["person"].Deserialize(ProtocolJson.Wire.Person)!);
        Assert.Contains("joão", people.Select(static it => it.Username));
        long messages = 0;
        foreach (var room in index["rooms"]!.AsArray())
        {
            var lines = Lines((string)room!["file"]!);
            Assert.Equal((long)room["id"]!, lines[0]["room"].Deserialize(ProtocolJson.Wire.Room)!.Id);
            var spoken = lines.Where(static it => it["message"] is not null).Select(static it => it["message"].Deserialize(ProtocolJson.Wire.Message)!).ToList();
            Assert.Equal(Enumerable.Range(1, spoken.Count).Select(static it => (long)it), spoken.Select(static it => it.Seq));
            Assert.Equal((long)room["messages"]!, spoken.Count);
            Assert.True(File.Exists(Path.Combine(Out, (string)room["page"]!)));
            messages += spoken.Count;
        }
        Assert.Equal(messages, (long)index["messages"]!);

        // As people wrote it: in JSON emoji are escapes.
        var (data, pages) = (Regex.Replace(All("*.jsonl"), @"\\u([0-9A-F]{4})", static it => $"{(char)Convert.ToInt32(it.Groups[1].Value, 16)}"), All("*.html"));
        foreach (var text in (string[])["between us two", "psst", "ação 🙂", "a first try, @room", "👍"])
        {
            Assert.Contains(text, data, StringComparison.Ordinal);
            Assert.Contains(text, pages, StringComparison.Ordinal);
        }
        foreach (var text in (string[])["never said", "soon gone", "a frist try", "$2", Guest.Password]) Assert.DoesNotContain(text, data + pages, StringComparison.Ordinal);
        Assert.Contains("This message was deleted.", pages, StringComparison.Ordinal);
        Assert.Contains("ana removed joão", pages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Out, "unfinished")));
        foreach (var file in Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories))
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        (code, _, _) = await ExportAsync(onPostgres, "open", "--public-only", "--language", "pt-BR");
        Assert.Equal(0, code);
        var open = All("*", "open");
        foreach (var text in (string[])["between us", "psst", "só nós"]) Assert.DoesNotContain(text, open, StringComparison.Ordinal);
        Assert.Contains("joão entrou", open, StringComparison.Ordinal);
        Assert.Contains("Somente salas abertas", open, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_was_written_is_text_on_the_pages()
    {
        const string Nasty = "<script>alert(1)</script> \"quoted\" 'single' & <img src=x onerror=alert(1)> https://example.org/?a=1&b=\"onmouseover=alert(1) javascript:alert(1) \u0001";
        await MovingHouse.VisitAsync(_house.ServeHere(), async address =>
        {
            using var ana = await MovingHouse.SignUpAsync(address, "ana");
            await ana.PatchAsync<Person>("/api/v1/me", new ProfileBody("</title><script>1</script>"));
            var room = (await ana.CreateRoomAsync(RoomKind.Open, "<b>\"room\"</b>")).RoomId;
            await ana.PatchAsync<Room>($"/api/v1/rooms/{room}", new RoomPatchBody(Topic: "'><svg onload=alert(1)>"));
            var first = await ana.SayAsync(room, Nasty[..^2]);
            await ana.AnswerAsync(room, first.Seq, "</p></article><iframe>");
        });
        _house.ExecuteHere("UPDATE messages SET body = body || char(1) WHERE body LIKE '<script>%'");

        Assert.Equal(0, (await ExportAsync(false, "out")).Code);

        var pages = All("*.html");
        foreach (var tag in (string[])["<script", "<img", "<svg", "<iframe", "<b>\"", "\u0001"]) Assert.DoesNotContain(tag, pages, StringComparison.OrdinalIgnoreCase);
        // Every attribute is one of ours, whole.
        Assert.DoesNotMatch("<[^>]*\\son[a-z]+\\s*=", pages);
        Assert.DoesNotContain("href=\"javascript", pages, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://example.org/?a=1&amp;b=\" rel=\"noreferrer\">", pages, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot; &#39;single&#39; &amp; ", pages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_the_state_of_one_moment_while_people_talk(bool onPostgres)
    {
        await using var server = _house.Start(onPostgres);
        using var ana = await MovingHouse.SignUpAsync(await server.Address, "ana");
        var (first, second) = ((await ana.CreateRoomAsync(RoomKind.Open, "first")).RoomId, (await ana.CreateRoomAsync(RoomKind.Open, "second")).RoomId);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var talking = Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                await ana.SayAsync(first, $"{i}");
                await ana.SayAsync(second, $"{i}");
            }
        }, Ct);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(0, (await ExportAsync(onPostgres, "out", "--replace")).Code);
            var (here, there) = (Lines($"rooms/{first}.jsonl").Count, Lines($"rooms/{second}.jsonl").Count);
            Assert.InRange(here - there, 0, 1);
        }
        await enough.CancelAsync();
        await talking;
        Assert.True(Lines($"rooms/{second}.jsonl").Count > 2);
    }

    [Fact]
    public async Task A_large_room_has_a_page_a_month()
    {
        await _house.TalkativeAsync(12_000);
        _house.ExecuteHere("UPDATE messages SET created_at = 1756384496000 WHERE seq = 1; UPDATE messages SET created_at = created_at + 2678400000 WHERE seq > 11000");
        // A clock that was set back makes no page of its own.
        _house.ExecuteHere("UPDATE messages SET created_at = created_at - 5000000000 WHERE seq % 997 = 0");

        Assert.Equal(0, (await ExportAsync(false, "out")).Code);

        var pages = Directory.GetFiles(Path.Combine(Out, "pages")).Select(static it => Path.GetFileName(it)!).Order(StringComparer.Ordinal);
        Assert.Equal(["1-2025-08-2.html", "1-2025-08-3.html", "1-2025-08.html", "1-2025-09.html"], pages.Where(static it => it.StartsWith("1-2025", StringComparison.Ordinal)));
        foreach (var page in pages.Where(static it => it.StartsWith("1-", StringComparison.Ordinal)))
            Assert.Contains(page, await File.ReadAllTextAsync(Path.Combine(Out, "pages", "1.html"), Ct), StringComparison.Ordinal);
        var second = await File.ReadAllTextAsync(Path.Combine(Out, "pages", "1-2025-08-2.html"), Ct);
        Assert.Contains("href=\"1-2025-08.html\"", second, StringComparison.Ordinal);
        Assert.Contains("href=\"1-2025-08-3.html\"", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_in_the_folder_is_left_alone_but_for_an_export_that_is_to_be_replaced()
    {
        await _house.TalkativeAsync(3);
        Directory.CreateDirectory(Out);
        await File.WriteAllTextAsync(Path.Combine(Out, "diary.txt"), "mine", Ct);

        foreach (var more in (string[][])[[], ["--replace"]])
        {
            var (code, _, complaint) = await ExportAsync(false, ["out", .. more]);
            Assert.Equal((1, $"olha: {Out} is not empty (it has diary.txt), and what lies there is no export: name another folder."), (code, complaint));
        }
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Out, "diary.txt"), Ct));
        File.Delete(Path.Combine(Out, "diary.txt"));

        Assert.Equal(0, (await ExportAsync(false, "out")).Code);
        _house.ExecuteHere("UPDATE messages SET body = 'another' WHERE cid = 'c2'");
        var (again, _, why) = await ExportAsync(false, "out");
        Assert.Equal((1, $"olha: {Out} holds an export already. Name another folder, or say --replace."), (again, why));
        Assert.DoesNotContain("another", All("*.jsonl"), StringComparison.Ordinal);

        Assert.Equal(0, (await ExportAsync(false, "out", "--replace")).Code);
        Assert.Contains("another", All("*.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_it_leaves_a_part_that_says_so_and_the_same_command_begins_anew()
    {
        await _house.TalkativeAsync(150_000);
        Directory.CreateDirectory(Out);
        await using (var program = _house.Start(false, "export", "out"))
        {
            await BegunAsync(program);
            program.Kill();
            await program.EndedAsync();
        }
        Assert.Equal(["unfinished"], Directory.GetFileSystemEntries(Out).Select(static it => Path.GetFileName(it)));
        Assert.Contains("Run the same command again", await File.ReadAllTextAsync(Path.Combine(Out, "unfinished", "UNFINISHED.txt"), Ct), StringComparison.Ordinal);

        var (code, said, complaint) = await ExportAsync(false, "out");
        Assert.Equal((0, ""), (code, complaint));
        Assert.StartsWith("An earlier export was not finished here: it begins anew.", said, StringComparison.Ordinal);
        Assert.Equal(150_000, Lines("rooms/1.jsonl").Count(static it => (string?)it["message"]?["kind"] == "text"));

        // One that is to be replaced stays until there is another.
        await using (var program = _house.Start(false, "export", "out", "--replace"))
        {
            await BegunAsync(program);
            program.Kill();
            await program.EndedAsync();
        }
        Assert.Equal(150_000, Lines("rooms/1.jsonl").Count(static it => (string?)it["message"]?["kind"] == "text"));
        Assert.Equal(0, (await ExportAsync(false, "out", "--replace")).Code);
        Assert.False(Directory.Exists(Path.Combine(Out, "unfinished")));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Asked_to_stop_it_takes_away_what_it_wrote(string signal)
    {
        await _house.TalkativeAsync(150_000);
        await using var program = _house.Start(false, "export", "out");
        await BegunAsync(program);

        if (signal == "INT") program.Interrupt();
        else program.Terminate();

        var (code, complaint) = await program.EndedAsync();
        Assert.Equal((1, "olha: stopped. Nothing is left of it. To begin anew: olha export out"), (code, complaint.TrimEnd()));
        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [Fact]
    public async Task A_disk_that_gets_full_on_the_way_is_told_and_nothing_is_left_of_it()
    {
        await _house.TalkativeAsync(5000);

        var (code, complaint) = await FullDisk.RunAsync(_house, Path.Combine(Out, "unfinished", "rooms", "1.jsonl"), writes: 2, "export", "out");

        Assert.Equal(1, code);
        Assert.Matches(@"^olha: No space left on device.*\. Nothing is left of it\. When that is mended: olha export out$", complaint.Split('\n')[^1]);
        Assert.False(Directory.Exists(Path.Combine(Out, "unfinished")));
        (code, _, complaint) = await ExportAsync(onPostgres: false, "out");
        Assert.Equal((0, ""), (code, complaint));
    }

    [Fact]
    public async Task Two_at_a_time_into_one_folder_are_one_too_many()
    {
        await _house.TalkativeAsync(150_000);
        await using var program = _house.Start(false, "export", "out");
        await BegunAsync(program);

        var (code, _, complaint) = await ExportAsync(false, "out");

        Assert.Equal((1, $"olha: another export is being written to {Out}."), (code, complaint));
        Assert.Equal(0, (await program.EndedAsync()).Code);
    }

    [Theory]
    [InlineData(false, "There is no database ")]
    [InlineData(true, "The PostgreSQL database is no database of this program.")]
    public async Task Where_there_is_nothing_nothing_is_made(bool onPostgres, string expected)
    {
        var (code, _, complaint) = await ExportAsync(onPostgres, "out");

        Assert.Equal(1, code);
        Assert.StartsWith($"olha: {expected}", complaint, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_house.Folder));
    }

    async Task BegunAsync(RunningProgram program)
    {
        var room = Path.Combine(Out, "unfinished", "rooms", "1.jsonl");
        while (!File.Exists(room) || new FileInfo(room).Length < 1_000_000)
        {
            Assert.False(program.HasEnded, "It ended before that.");
            await Task.Delay(1, Ct);
        }
    }

    Task<(int Code, string Said, string Complaint)> ExportAsync(bool onPostgres, params string[] arguments) =>
        MovingHouse.EndedAsync(_house.Start(onPostgres, ["export", .. arguments]));

    List<JsonNode> Lines(string file) => [.. File.ReadLines(Path.Combine(Out, file)).Select(static line => JsonNode.Parse(line)!)];

    string All(string pattern, string folder = "out") => string.Concat(
        Directory.GetFiles(Path.Combine(_house.Folder, folder), pattern, SearchOption.AllDirectories).Select(File.ReadAllText));
}
