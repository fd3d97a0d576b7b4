using Olha.Testing;

namespace Olha.Storage.Tests;

public sealed class EpochTests(PostgresServer server)
{
    [Fact]
    public async Task A_restart_keeps_the_epoch()
    {
        await using var place = new SqlitePlace();
        var first = await EpochAsync(place);

        Assert.Equal(32, first.Length);
        Assert.Equal(first, await EpochAsync(place));
        Assert.Equal(first, await EpochAsync(place));
    }

    [Fact]
    public async Task A_copied_back_file_has_another_epoch_from_then_on()
    {
        await using var place = new SqlitePlace();
        var first = await EpochAsync(place);
        File.Copy(place.File, place.Folder["backup.db"]);
        Assert.Equal(first, await EpochAsync(place));

        File.Copy(place.Folder["backup.db"], place.File, overwrite: true);
        var later = await EpochAsync(place);

        Assert.NotEqual(first, later);
        Assert.Equal(later, await EpochAsync(place));
    }

    [Fact]
    public async Task A_file_that_was_moved_without_its_companion_has_another_epoch()
    {
        await using var place = new SqlitePlace();
        var first = await EpochAsync(place);
        File.Delete($"{place.File}.nonce");

        Assert.NotEqual(first, await EpochAsync(place));
    }

    [Fact]
    public async Task A_killed_program_keeps_the_epoch()
    {
        await using var place = new SqlitePlace();
        var first = await EpochAsync(place);
        using var process = WritingProcess.Start(place.File);
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(first, await EpochAsync(place));
    }

    [Fact]
    public async Task On_PostgreSQL_it_belongs_to_the_database()
    {
        await using var one = new PostgresPlace(server);
        await using var other = new PostgresPlace(server);

        Assert.Equal(await EpochAsync(one), await EpochAsync(one));
        Assert.NotEqual(await EpochAsync(one), await EpochAsync(other));
    }

    static async Task<string> EpochAsync(Place place)
    {
        await using var db = await place.OpenAsync();
        return db.Epoch;
    }
}
