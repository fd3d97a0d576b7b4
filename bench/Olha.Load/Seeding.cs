using System.Globalization;
using System.Reflection;
using System.Text;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Load;

/// <summary>Makes a database as the program would have left it, while no program has it open.</summary>
/// <remarks>Everything is written in one unit of work: ten thousand people take a second, where signing up, which hashes a
/// password each, would take most of an hour.</remarks>
internal static class Seeding
{
    /// <summary>Everybody's.</summary>
    public const string Password = "bench-secret-1";

    const string AddPerson = """
        INSERT INTO users (id, username, name_key, display_name, password_hash, color, role, created_at, rev, last_rev)
        VALUES (@id, @name, @name, @name, @hash, @color, @role, @now, @id, @places)
        """;

    const string AddSession = """
        INSERT INTO sessions (token_hash, user_id, device, created_at, used_at, expires_at)
        VALUES (@hash, @user, 'bench', @now, @now, @expires)
        """;

    const string AddRoom = """
        INSERT INTO rooms (id, kind, name, name_key, creator_id, created_at, rev, last_rev)
        VALUES (@id, 'open', @name, @name, @creator, @now, 1, @head)
        """;

    const string AddMember = """
        INSERT INTO memberships (room_id, user_id, joined, since, mark, rev, person_rev)
        VALUES (@room, @user, 1, @now, 0, @rev, @personRev)
        """;

    const string FillGeneral = "UPDATE rooms SET last_rev = last_rev + @people WHERE id = 1 RETURNING last_rev";

    const string AdvanceServer = "UPDATE server SET last_rev = @people WHERE id = 1";

    // Rows that bring their ids leave the sequences behind.
    const string PassIdsPostgres = """
        SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT MAX(id) FROM users)),
               setval(pg_get_serial_sequence('rooms', 'id'), (SELECT MAX(id) FROM rooms))
        """;

    /// <summary>The program's own schema, from its own assembly.</summary>
    public static DatabaseOptions Options(string database, string? address = null) =>
        new() { SqlitePath = database, PostgresUrl = address, SchemaAssembly = Assembly.Load("olha") };

    public static async Task PrepareAsync(SeedPlan plan, CancellationToken ct)
    {
        if (Directory.Exists(plan.Folder)) Directory.Delete(plan.Folder, recursive: true);
        Directory.CreateDirectory(plan.Folder);
        var tokens = Enumerable.Range(0, plan.People).Select(_ => SessionToken.New()).ToArray();
        var now = DateTimeOffset.UtcNow;

        await using var database = await Database.OpenAsync(Options(plan.Database, plan.Address), ct);
        await database.WriteAsync(async tx =>
        {
            await AddPeopleAsync(tx, plan, tokens, now);
            await AddRoomsAsync(tx, plan, now.ToUnixTimeMilliseconds());
            if (tx.Dialect == Dialect.Postgres) await tx.ScalarAsync<long>(PassIdsPostgres);
            return true;
        }, ct);
        await WriteLinesAsync(plan.Headers, tokens.Select(token => $"Cookie: {CookieName.Plain}={token}"), ct);
        await WriteLinesAsync(plan.Hellos, Enumerable.Range(0, plan.People).Select(i => Hello(plan, database.Epoch, i)), ct);
    }

    static async ValueTask AddPeopleAsync(Transaction tx, SeedPlan plan, string[] tokens, DateTimeOffset at)
    {
        var now = at.ToUnixTimeMilliseconds();
        var expires = (at + Sessions.Absolute).ToUnixTimeMilliseconds();
        var passwordHash = BCrypt.Net.BCrypt.HashPassword(Password, 12);
        var head = await tx.ScalarAsync<long>(FillGeneral, ("@people", plan.People));
        for (var i = 0; i < plan.People; i++)
        {
            var (id, name) = (i + 1L, string.Create(CultureInfo.InvariantCulture, $"person{i + 1}"));
            await tx.ExecuteAsync(AddPerson,
                ("@id", id), ("@name", name), ("@hash", passwordHash), ("@color", Palette.Colors[i % Palette.Colors.Count]),
                ("@role", i == 0 ? Roles.Owner : Roles.Member), ("@now", now), ("@places", IsInRoom(plan, i) ? 2 : 1));
            await tx.ExecuteAsync(AddMember,
                ("@room", 1), ("@user", id), ("@now", now), ("@rev", head - plan.People + id), ("@personRev", 1));
            await tx.ExecuteAsync(AddSession, ("@hash", SessionToken.Hash(tokens[i])), ("@user", id), ("@now", now), ("@expires", expires));
        }
        await tx.ExecuteAsync(AdvanceServer, ("@people", plan.People));
    }

    static async ValueTask AddRoomsAsync(Transaction tx, SeedPlan plan, long now)
    {
        for (var room = 0; room < plan.Rooms; room++)
        {
            await tx.ExecuteAsync(AddRoom,
                ("@id", room + 2), ("@name", string.Create(CultureInfo.InvariantCulture, $"room {room + 1}")), ("@creator", room + 1),
                ("@now", now), ("@head", 1 + plan.RoomSize));
            for (var member = 0; member < plan.RoomSize; member++)
                await tx.ExecuteAsync(AddMember,
                    ("@room", room + 2), ("@user", room + member * plan.Rooms + 1), ("@now", now), ("@rev", 2 + member), ("@personRev", 2));
        }
    }

    static bool IsInRoom(SeedPlan plan, int i) => i < plan.Rooms * plan.RoomSize;

    // General's own row has its first revision, then come its members.
    static string Hello(SeedPlan plan, string epoch, int i)
    {
        var rooms = new StringBuilder().Append(CultureInfo.InvariantCulture, $"\"1\":{1 + plan.People}");
        if (IsInRoom(plan, i)) rooms.Append(CultureInfo.InvariantCulture, $",\"{2 + i % plan.Rooms}\":{1 + plan.RoomSize}");
        return string.Create(CultureInfo.InvariantCulture,
            $$$"""{"type":"hello","epoch":"{{{epoch}}}","person":{{{(IsInRoom(plan, i) ? 2 : 1)}}},"server":{{{plan.People}}},"rooms":{""") + rooms + "}}";
    }

    static Task WriteLinesAsync(string path, IEnumerable<string> lines, CancellationToken ct) => File.WriteAllLinesAsync(path, lines, ct);
}
