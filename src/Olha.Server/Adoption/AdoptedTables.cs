using Olha.Protocol;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Adoption;

/// <summary>Fills the tables of a new database. Elsewhere only a table's owner writes it; here there is nobody yet whom a change
/// could reach, so all streams are made at once, each without gaps.</summary>
internal sealed class AdoptedTables(Transaction fresh)
{
    const string InsertPerson = """
        INSERT INTO users (id, username, name_key, display_name, password_hash, color, role, created_at, rev, last_rev)
        VALUES (@id, @username, @key, @displayName, @hash, @color, @role, @createdAt, @rev, @head)
        """;

    const string SetServerHead = "UPDATE server SET last_rev = @head WHERE id = 1";

    // The schema makes it; which room it is, the old channels decide.
    const string DeleteGeneral = "DELETE FROM rooms WHERE is_general = 1";

    const string InsertRoom = """
        INSERT INTO rooms (id, kind, name, name_key, topic, creator_id, is_general, created_at, last_seq, rev, last_rev)
        VALUES (@id, @kind, @name, @key, @topic, @creator, @general, @createdAt, @lastSeq, @rev, @head)
        """;

    const string InsertMembership = """
        INSERT INTO memberships (room_id, user_id, joined, since, mark, rev, person_rev)
        VALUES (@room, @person, 1, @since, @mark, @rev, @personRev)
        """;

    const string InsertMessage = """
        INSERT INTO messages (id, room_id, seq, rev, author_id, kind, body, created_at)
        VALUES (@id, @room, @seq, @rev, @author, 'text', @body, @at)
        """;

    /// <param name="people">Everybody, by id.</param>
    /// <param name="places">How many rooms each of them is in.</param>
    /// <param name="standIn">Who speaks for those that are gone, and is in no room; null: nobody is needed.</param>
    public async ValueTask AddPeopleAsync(IReadOnlyList<AdoptedPerson> people, int places, AdoptedPerson? standIn)
    {
        var rev = 0L;
        foreach (var person in people) await AddPersonAsync(person, ++rev, places);
        if (standIn is not null) await AddPersonAsync(standIn, ++rev, 0);
        await fresh.ExecuteAsync(SetServerHead, ("@head", rev));
    }

    /// <summary>The rooms with everybody in each. A room's stream is its row, then its members, then its messages.</summary>
    public async ValueTask AddRoomsAsync(
        IReadOnlyList<AdoptedRoom> rooms, IReadOnlyList<AdoptedPerson> people, AdoptedHistory history)
    {
        await fresh.ExecuteAsync(DeleteGeneral);
        var lengths = history.Said.CountBy(message => message.RoomId).ToDictionary();
        for (var place = 0; place < rooms.Count; place++)
        {
            var (room, length) = (rooms[place], lengths.GetValueOrDefault(rooms[place].Id));
            await fresh.ExecuteAsync(InsertRoom, ("@id", room.Id), ("@kind", Kinds.Open), ("@name", room.Name),
                ("@key", PlainLine.Fold(room.Name)), ("@topic", room.Topic), ("@creator", room.CreatorId), ("@general", room.General ? 1 : 0),
                ("@createdAt", room.CreatedAt), ("@lastSeq", length), ("@rev", 1), ("@head", 1L + people.Count + length));

            var rev = 1L;
            // Nothing that was said before is news.
            foreach (var person in people)
                await fresh.ExecuteAsync(InsertMembership, ("@room", room.Id), ("@person", person.Id),
                    ("@since", Math.Max(room.CreatedAt, person.CreatedAt)), ("@mark", length), ("@rev", ++rev), ("@personRev", place + 1));
        }
    }

    /// <param name="history">By room.</param>
    /// <param name="people">How many revisions of each room its members took.</param>
    /// <param name="textOf">The text of the message of an id.</param>
    public async ValueTask AddMessagesAsync(AdoptedHistory history, int people, Func<long, ValueTask<string>> textOf)
    {
        var (room, seq) = (0L, 0L);
        foreach (var message in history.Said)
        {
            seq = message.RoomId == room ? seq + 1 : 1;
            room = message.RoomId;
            await fresh.ExecuteAsync(InsertMessage, ("@id", message.Id), ("@room", room), ("@seq", seq), ("@rev", 1 + people + seq),
                ("@author", message.AuthorId), ("@body", Mending.Body(await textOf(message.Id))), ("@at", message.At));
        }
    }

    async ValueTask AddPersonAsync(AdoptedPerson person, long rev, int places) =>
        await fresh.ExecuteAsync(InsertPerson, ("@id", person.Id), ("@username", person.Username), ("@key", person.Key),
            ("@displayName", person.DisplayName), ("@hash", person.PasswordHash), ("@color", person.Color), ("@role", person.Role),
            ("@createdAt", person.CreatedAt), ("@rev", rev), ("@head", places));
}
