namespace Olha.Server.Tests.Adoption;

public sealed class AdoptedPeopleTests
{
    const string People = "SELECT id, username, name_key, display_name, role, created_at FROM users ORDER BY id";

    [Fact]
    public async Task The_originals_file_becomes_ours()
    {
        using var original = OriginalFile.Genuine();

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal(["1|alice|alice|alice|owner|1795466050000", "2|bruno|bruno|bruno|member|1795466050000"], file.Rows(People));
        Assert.Equal(["1|$2a$10$Yd1TrNHDi/vMEoqtHCnxxe.g7flcmKyoTvX3ExD1fvhBHSSJolFo6", "2|$2a$10$AoOifZyJrti3b7q6tlWC1uKTYbSQnw4Nkl22A.I3Y3o9DmWfbwRo."],
            file.Rows("SELECT id, password_hash FROM users ORDER BY id"));
        Assert.Equal("1|open|General|general|1", file.Row("SELECT id, kind, name, name_key, is_general FROM rooms"));
        Assert.Equal(["1|1|1", "1|2|1"], file.Rows("SELECT room_id, user_id, joined FROM memberships ORDER BY user_id"));
    }

    [Fact]
    public async Task Every_name_is_kept_and_the_lowest_id_keeps_the_folded_one()
    {
        using var original = OriginalFile.OfUsers()
            .User(5, "alice").User(3, "Alice").User(7, "ALICE").User(8, "x").User(9, "a b").User(10, " padded ")
            .User(11, "Ünal").User(12, "ünal").User(13, "tab\there").User(14, new string('é', 100)).User(15, "").User(16, "a\0b");

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal([
            "3|Alice|alice|Alice|owner", "5|alice||alice|member", "7|ALICE||ALICE|member", "8|x|x|x|member", "9|a b|a b|a b|member",
            "10| padded | padded |padded|member", "11|Ünal|ünal|Ünal|member", "12|ünal||ünal|member",
            "13|tab\there|tab\there|tab here|member", $"14|{new string('é', 100)}|{new string('é', 100)}|{new string('é', 64)}|member",
            "15|||user-15|member",
        ], file.Rows("SELECT id, username, name_key, display_name, role FROM users WHERE id < 16 ORDER BY id"));
        Assert.Equal("610062|ab", file.Row("SELECT hex(username), display_name FROM users WHERE id = 16"));
    }

    [Fact]
    public async Task Names_that_are_no_text_stay_apart()
    {
        using var original = OriginalFile.OfUsers().User(1, new byte[] { 0x61, 0xFE }).User(2, new byte[] { 0x61, 0xFF });

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal(["a\uFFFD|a", "a\uFFFD-2|a-2"], file.Rows("SELECT username, display_name FROM users ORDER BY id"));
    }

    [Fact]
    public async Task No_two_share_a_colour_until_the_palette_is_spent()
    {
        using var original = OriginalFile.OfUsers();
        for (var id = 1; id <= 90; id++) original.User(id, $"user{id}");

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal("40", file.Row("SELECT COUNT(DISTINCT color) FROM users WHERE id <= 40"));
        Assert.Equal("2|3", file.Row("SELECT MIN(n), MAX(n) FROM (SELECT COUNT(*) AS n FROM users GROUP BY color)"));
    }

    [Fact]
    public async Task Who_has_no_readable_time_came_when_the_one_before_did()
    {
        using var original = OriginalFile.OfUsers()
            .User(1, "ana", at: "2025-08-28T12:00:00-03:00").User(2, "bia", at: "long ago").User(3, "caio", at: 1756394097L);

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal(["1756393200000", "1756393200000", "1756394097000"], file.Rows("SELECT created_at FROM users ORDER BY id"));
        Assert.Equal("1756393200000", file.Row("SELECT created_at FROM rooms"));
    }

    [Fact]
    public async Task A_file_without_users_leaves_the_server_to_whoever_comes_first()
    {
        using var original = OriginalFile.OfChannels().Channel(1, "General").Message(1, 1, 1, "nobody said this");

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal("0|0|1", file.Row("SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM messages), (SELECT COUNT(*) FROM rooms)"));
    }
}
