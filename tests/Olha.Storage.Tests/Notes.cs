namespace Olha.Storage.Tests;

/// <summary>A small product to test with: notes in rooms, numbered without gaps.</summary>
internal static class Notes
{
    const string Advance = "UPDATE rooms SET last_seq = last_seq + 1 WHERE id = @room RETURNING last_seq";
    const string Add = "INSERT INTO notes (room_id, seq, word) VALUES (@room, @seq, @word)";
    const string Words = "SELECT word FROM notes ORDER BY room_id, seq";
    const string Seqs = "SELECT seq FROM notes WHERE room_id = @room ORDER BY seq";
    const string Uncounted = "SELECT last_seq - (SELECT COUNT(*) FROM notes WHERE room_id = @room) FROM rooms WHERE id = @room";
    const string Head = "SELECT last_seq FROM rooms WHERE id = @room";

    public static ValueTask<long> SayAsync(this Database db, string word, long room = 1, Lane? lane = null) =>
        db.WriteAsync(tx => tx.SayAsync(word, room), CancellationToken.None, lane);

    public static async ValueTask<long> SayAsync(this Transaction tx, string word, long room = 1)
    {
        var seq = await tx.AdvanceAsync(room);
        await tx.ExecuteAsync(Add, ("@room", room), ("@seq", seq), ("@word", word));
        return seq;
    }

    public static ValueTask<long> AdvanceAsync(this Transaction tx, long room) => tx.ScalarAsync<long>(Advance, ("@room", room));

    /// <summary>By how much a room's head is off.</summary>
    public static ValueTask<long> UncountedAsync(this Session session, long room) => session.ScalarAsync<long>(Uncounted, ("@room", room));

    public static ValueTask<List<string>> WordsAsync(this Session session) => session.ListAsync(Words, row => row.GetString(0));

    public static ValueTask<List<string>> WordsAsync(this Database db) => db.ReadAsync(WordsAsync, CancellationToken.None);

    public static ValueTask<List<long>> SeqsAsync(this Database db, long room = 1) =>
        db.ReadAsync(session => session.ListAsync(Seqs, row => row.GetInt64(0), ("@room", room)), CancellationToken.None);

    public static ValueTask<long> HeadAsync(this Session session, long room = 1) =>
        session.ScalarAsync<long>(Head, ("@room", room));
}
