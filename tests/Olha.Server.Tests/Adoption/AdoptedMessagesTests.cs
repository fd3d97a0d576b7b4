using System.Globalization;

namespace Olha.Server.Tests.Adoption;

public sealed class AdoptedMessagesTests
{
    const string Messages = "SELECT id, room_id, seq, author_id, body FROM messages ORDER BY room_id, seq";

    [Fact]
    public async Task History_is_in_the_order_of_its_times_and_then_its_ids()
    {
        using var original = OriginalFile.OfChannels().User(1, "ana").User(2, "bia").Channel(1, "General").Channel(2, "dev")
            .Message(10, 1, 1, "third", "2025-08-28 14:00:02")
            .Message(11, 1, 2, "first", "2025-08-28 11:00:01-03:00")
            .Message(12, 2, 1, "elsewhere", "2025-08-28 13:00:00")
            .Message(13, 1, 1, "second", "2025-08-28T14:00:01.5Z")
            .Message(14, 1, 2, "fourth", "2025-08-28 14:00:02 +0000 UTC m=+0.1")
            .Message(15, 1, 2, "fifth, whenever it was", "");

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal([
            "11|1|1|2|first", "13|1|2|1|second", "10|1|3|1|third", "14|1|4|2|fourth", "15|1|5|2|fifth, whenever it was",
            "12|2|1|1|elsewhere",
        ], file.Rows(Messages));
        Assert.Equal(["1756389601000", "1756389601500", "1756389602000", "1756389602000", "1756389602000"],
            file.Rows("SELECT created_at FROM messages WHERE room_id = 1 ORDER BY seq"));
        Assert.Equal("0", file.Row("SELECT COUNT(*) FROM messages WHERE kind <> 'text' OR cid IS NOT NULL OR edited_at IS NOT NULL OR deleted_at IS NOT NULL"));
    }

    [Fact]
    public async Task Thousands_of_messages_keep_ids_texts_and_order()
    {
        using var original = OriginalFile.OfChannels().User(1, "ana").User(2, "bia").Channel(1, "one").Channel(2, "two").Channel(3, "three")
            .Execute("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5500)
                INSERT INTO messages SELECT i, 1 + i % 3, 1 + i % 2, '#fff', 'text ' || i, datetime(1756384496 + (i * 7919) % 1000, 'unixepoch') FROM n
                """);

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal(
            new AdoptedFile(Assert.Single(original.Copies)).Rows("""
                SELECT id, channel_id, row_number() OVER (PARTITION BY channel_id ORDER BY created_at, id), user_id, content,
                    unixepoch(created_at) * 1000 FROM messages ORDER BY channel_id, created_at, id
                """),
            file.Rows("SELECT id, room_id, seq, author_id, body, created_at FROM messages ORDER BY room_id, seq"));
    }

    [Fact]
    public async Task What_users_that_are_gone_said_stays_and_what_lay_in_deleted_channels_does_not()
    {
        var log = new EventLog();
        using var original = OriginalFile.OfChannels().User(1, "unknown").User(2, "bia").Channel(1, "General")
            .Message(1, 1, 2, "hello").Message(2, 1, 99, "who am I").Message(3, 1, "nobody", "and I")
            .Message(4, 7, 2, "in a deleted channel").Message(5, 8, 99, "in another");

        var file = (await original.AdoptAsync(log)).IsSound();

        Assert.Equal(["1|1|1|2|hello", "2|1|2|3|who am I", "3|1|3|3|and I"], file.Rows(Messages));
        Assert.Equal("3|unknown-3|member|0", file.Row("SELECT id, username, role, last_rev FROM users WHERE id > 2"));
        Assert.Equal(["1|1", "1|2"], file.Rows("SELECT room_id, user_id FROM memberships ORDER BY user_id"));
        Assert.Equal([
            "2 messages of users that are gone are shown as said by unknown-3",
            "2 messages lay in channels that are gone and were left behind; the copy still holds them",
        ], log.Warnings);
        Assert.Equal("5", new AdoptedFile(original.Copies[0]).Row("SELECT COUNT(*) FROM messages"));
    }

    [Fact]
    public async Task What_lies_in_no_channel_was_said_in_General()
    {
        using var original = OriginalFile.OfUsers().User(1, "ana").Execute("""
            CREATE TABLE messages (id INTEGER PRIMARY KEY, user_id INTEGER, content TEXT, created_at TIMESTAMP);
            INSERT INTO messages VALUES (3, 1, 'before there were channels', '2025-08-28 12:34:56');
            """);

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal("3|1|1|1|before there were channels", file.Row(Messages));
    }

    [Fact]
    public async Task Texts_that_nobody_may_send_today_are_mended()
    {
        using var original = OriginalFile.OfChannels().User(1, "ana").Channel(1, "General")
            .Message(1, 1, 1, "a\r\nb\rc\td\n").Message(2, 1, 1, "bell \a escape \u001B[31m nul \0 end \u009F")
            .Message(3, 1, 1, new byte[] { 0x6F, 0x6C, 0xC3, 0x21 }).Message(4, 1, 1, "").Message(5, 1, 1, new string('x', 20_000))
            .Message(6, 1, 1, "ação 👩‍👩‍👧");

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal([
            "a\nb\nc\td\n", "bell \uFFFD escape \uFFFD[31m nul \uFFFD end \uFFFD", "ol\uFFFD!", "", new string('x', 20_000), "ação 👩‍👩‍👧",
        ], file.Rows("SELECT body FROM messages ORDER BY seq"));
    }

    [Fact]
    public async Task The_log_counts_and_never_quotes()
    {
        var log = new EventLog();
        using var original = OriginalFile.OfChannels().User(1, "ana", "ana's password").Channel(1, "secret plans", "secret topic")
            .Message(1, 1, 1, "secret text");

        await original.AdoptAsync(log);

        Assert.Contains("Converted what the original program wrote: 1 people, 2 rooms, 1 messages", log.Events);
        Assert.DoesNotContain(log.Events, text => text.Contains("secret", StringComparison.Ordinal) || text.Contains("$2a$", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_still_in_the_log_of_a_killed_program_is_adopted()
    {
        using var original = OriginalFile.OfChannels().User(1, "ana").Channel(1, "General").Close();
        original.Execute("PRAGMA journal_mode = WAL").Execute("PRAGMA wal_autocheckpoint = 0");
        for (var id = 1; id <= 20; id++) original.Message(id, 1, 1, id.ToString(CultureInfo.InvariantCulture));

        // The files as they lie while the program runs are what kill -9 leaves.
        var killed = Path.Combine(original.Folder, "killed");
        Directory.CreateDirectory(killed);
        foreach (var name in (string[])["chat.db", "chat.db-wal", "chat.db-shm"])
            File.Copy(Path.Combine(original.Folder, name), Path.Combine(killed, name));
        Assert.True(new FileInfo(Path.Combine(killed, "chat.db-wal")).Length > 4096);
        await OriginalFile.AdoptAsync(Path.Combine(killed, "chat.db"));

        var file = new AdoptedFile(Path.Combine(killed, "chat.db")).IsSound();
        Assert.Equal("20|20", file.Row("SELECT COUNT(*), MAX(CAST(body AS INTEGER)) FROM messages"));
        Assert.Equal("20", new AdoptedFile(Directory.GetFiles(killed, "*.before-adoption-*").Single()).Row("SELECT COUNT(*) FROM messages"));
    }
}
