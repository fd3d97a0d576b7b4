namespace Olha.Server.Tests.Adoption;

public sealed class AdoptedRoomsTests
{
    const string Rooms = "SELECT id, name, name_key, topic, creator_id, is_general FROM rooms ORDER BY id";

    [Theory]
    [InlineData("General")]
    [InlineData("GENERAL")]
    [InlineData(" general ")]
    public async Task A_channel_called_General_is_General(string name)
    {
        using var original = OriginalFile.OfChannels().User(1, "ana").User(2, "bia")
            .Channel(1, "random").Channel(2, name, "All of us", by: 2);

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal(["1|random|random||1|0", $"2|{name.Trim()}|general|All of us|2|1"], file.Rows(Rooms));
    }

    [Fact]
    public async Task Where_no_channel_is_called_General_it_is_made()
    {
        using var original = OriginalFile.OfChannels().User(1, "ana").Channel(4, "random").Channel(1, "dev");

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal(["1|dev|dev||1|0", "4|random|random||1|0", "5|General|general|||1"], file.Rows(Rooms));
    }

    [Fact]
    public async Task Everybody_is_in_every_room()
    {
        using var original = OriginalFile.OfChannels()
            .User(1, "ana", at: "2025-08-28 12:00:00").User(2, "bia", at: "2025-08-30 12:00:00")
            .Channel(7, "dev", at: "2025-08-29 12:00:00");

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal([
            "1|1|1|2025-08-28 12:00:00", "1|2|1|2025-08-30 12:00:00", "7|1|1|2025-08-29 12:00:00", "7|2|1|2025-08-30 12:00:00",
        ], file.Rows("SELECT room_id, user_id, joined, datetime(since / 1000, 'unixepoch') FROM memberships ORDER BY room_id, user_id"));
    }

    [Fact]
    public async Task Names_that_rooms_may_not_have_are_mended_and_those_that_are_taken_get_a_number()
    {
        var longest = new string('n', 64);
        using var original = OriginalFile.OfChannels().User(1, "ana")
            .Channel(1, "dev").Channel(2, "Dev").Channel(3, "dev (2)").Channel(4, "DEV").Channel(5, "two\nlines")
            .Channel(6, longest + "x").Channel(7, longest).Channel(8, "\u202E").Channel(9, "General").Channel(10, "general")
            .Channel(11, new byte[] { 0x62, 0xFF, 0x64 });

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal([
            "1|dev|0", "2|Dev (3)|0", "3|dev (2)|0", "4|DEV (4)|0", "5|two lines|0", $"6|{longest[..60]} (2)|0", $"7|{longest}|0",
            "8|channel-8|0", "9|General|1", "10|general (2)|0", "11|bd|0",
        ], file.Rows("SELECT id, name, is_general FROM rooms ORDER BY id"));
        Assert.Empty(file.Rows("SELECT name FROM rooms WHERE name_key <> lower(name)"));
    }

    [Fact]
    public async Task A_description_becomes_the_topic_as_far_as_a_topic_may_go()
    {
        using var original = OriginalFile.OfChannels().User(1, "ana")
            .Channel(1, "a", "what we\r\nbuild").Channel(2, "b", "  ").Channel(3, "c", new string('ç', 300)).Channel(4, "d", null)
            .Channel(5, "e", "gone with its maker", by: 99);

        var file = (await original.AdoptAsync()).IsSound();

        Assert.Equal([
            "1|what we  build|1", "2||1", $"3|{new string('ç', 250)}|1", "4||1", "5|gone with its maker|",
        ], file.Rows("SELECT id, topic, creator_id FROM rooms WHERE is_general = 0 ORDER BY id"));
    }
}
