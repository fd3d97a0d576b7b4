using Microsoft.Extensions.Logging.Abstractions;
using Olha.Server.Adoption;
using Olha.Storage;

namespace Olha.Server.Tests.Adoption;

public sealed class AdoptionTests
{
    [Fact]
    public async Task Starting_again_changes_nothing()
    {
        using var original = Talkative();
        var first = (await original.AdoptAsync()).Dump();
        var copies = original.Copies;

        var log = new EventLog();
        var second = (await original.AdoptAsync(log)).Dump();

        Assert.Equal(first, second);
        Assert.Equal(copies, original.Copies);
        Assert.Equal(["chat.db", Path.GetFileName(Assert.Single(copies)), "chat.db.lock", "chat.db.nonce"], original.Names);
        Assert.DoesNotContain(log.Events, text => text.Contains("original", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_copy_holds_what_the_file_held()
    {
        using var original = Talkative().Close();
        var before = new AdoptedFile(original.Path).Rows(Everything);

        await original.AdoptAsync();

        var copy = Assert.Single(original.Copies);
        Assert.Matches("""^chat\.db\.before-adoption-[0-9]{8}T[0-9]{9}Z\.db$""", Path.GetFileName(copy));
        Assert.Equal(before, new AdoptedFile(copy).Rows(Everything));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
    }

    [Fact]
    public async Task A_copy_that_is_put_back_is_adopted_again_without_another_copy()
    {
        using var original = Talkative();
        var first = (await original.AdoptAsync()).Dump();

        File.Copy(Assert.Single(original.Copies), original.Path, overwrite: true);
        var second = (await original.AdoptAsync()).Dump();

        Assert.Equal(first, second);
        Assert.Single(original.Copies);
    }

    [Fact]
    public async Task While_the_original_runs_its_file_is_left_alone()
    {
        using var original = Talkative().Close();
        original.Execute("PRAGMA journal_mode = WAL").Execute("SELECT 1 FROM users");

        var refused = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => OriginalFile.AdoptAsync(original.Path));

        Assert.Equal("Another program holds the database's lock.", refused.Message);
        Assert.Empty(original.Copies);
        original.User(50, "late").Close();
        Assert.False(new AdoptedFile(original.Path).IsAdopted());
        var file = (await original.AdoptAsync()).IsSound();
        Assert.Equal("late", file.Row("SELECT username FROM users WHERE id = 50"));
    }

    [Fact]
    public async Task Through_a_link_it_is_the_file_that_is_adopted()
    {
        using var original = Talkative().Close();
        var elsewhere = Directory.CreateDirectory(Path.Combine(original.Folder, "elsewhere")).FullName;
        var link = Path.Combine(elsewhere, "link.db");
        File.CreateSymbolicLink(link, original.Path);

        await OriginalFile.AdoptAsync(link);

        new AdoptedFile(original.Path).IsSound();
        Assert.Equal(original.Path, File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName);
        Assert.Single(original.Copies);
    }

    [Fact]
    public async Task A_file_with_other_pages_and_a_rollback_journal_is_adopted()
    {
        using var original = Talkative();
        original.Execute("PRAGMA journal_mode = DELETE").Execute("PRAGMA page_size = 1024").Execute("PRAGMA auto_vacuum = FULL").Execute("VACUUM");

        (await original.AdoptAsync()).IsSound();
    }

    [Fact]
    public async Task A_damaged_file_is_refused_in_one_line_and_left_as_it_was()
    {
        using var original = Talkative().Close();
        await using (var file = File.OpenWrite(original.Path))
        {
            file.Position = 4096; // the second page: the root of users
            file.Write(new byte[4096]);
        }

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => OriginalFile.AdoptAsync(original.Path));

        Assert.Matches("^The database .* was written by the original program and can't be adopted; it is as it was. .*malformed", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(["chat.db", "chat.db.lock"], original.Names);
    }

    [Theory]
    [InlineData("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")]
    [InlineData("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)")]
    public async Task A_file_of_somebody_else_is_not_taken_for_the_originals(string schema)
    {
        using var original = OriginalFile.OfUsers().Execute("DROP TABLE users").Execute(schema).Close();

        await using var database = await OpenOrNullAsync(original.Path);

        Assert.Empty(original.Copies);
    }

    [Fact]
    public async Task A_new_file_is_not_taken_for_the_originals()
    {
        using var original = OriginalFile.OfUsers().Close();
        var path = Path.Combine(original.Folder, "new.db");

        await OriginalFile.AdoptAsync(path);

        new AdoptedFile(path).IsSound();
        Assert.Empty(original.Copies);
    }

    const string Everything = """
        SELECT 'u', id, username, password, created_at, 0 FROM users UNION ALL SELECT 'c', id, name, description, created_by, created_at FROM channels
        UNION ALL SELECT 'm', id, channel_id, user_id, content, created_at FROM messages ORDER BY 1, 2
        """;

    static OriginalFile Talkative() => OriginalFile.OfChannels().User(1, "ana").User(2, "bia").Channel(1, "General").Channel(2, "dev")
        .Message(1, 1, 1, "olá").Message(2, 2, 2, "hi").Message(3, 2, 9, "gone");

    // Whether our tables can be made beside somebody else's is not adoption's business.
    static async Task<Database?> OpenOrNullAsync(string path)
    {
        try
        {
            return await Database.OpenAsync(new DatabaseOptions
            {
                SqlitePath = path, SchemaAssembly = typeof(ChatHost).Assembly,
                Predecessor = OriginalProgram.ToAdopt(NullLogger.Instance, TimeProvider.System),
            }, TestContext.Current.CancellationToken);
        }
        catch (DatabaseRefusedException)
        {
            return null;
        }
    }
}
