using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Load;

/// <summary>Makes a database with much history, as the program would have left it.</summary>
/// <remarks>
/// The messages come in the order in which they would have been said, all rooms mixed, into the program's own schema with its
/// indexes in place: a room's messages lie scattered over the file, and its pages are as full as the program's. SQLite is told
/// that nothing need survive a crash, for a database that is not complete is never used: ten million take a few minutes.
/// </remarks>
internal static class DepthSeeding
{
    const string Fast = """
        PRAGMA journal_mode = OFF;
        PRAGMA synchronous = OFF;
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA foreign_keys = OFF;
        PRAGMA cache_size = -1048576;
        """;

    const string AddPerson = """
        INSERT INTO users (id, username, name_key, display_name, password_hash, color, role, created_at, rev, last_rev)
        VALUES (@id, @name, @name, @name, @hash, @color, @role, @now, @id, @places)
        """;

    const string AddSession = """
        INSERT INTO sessions (token_hash, user_id, device, created_at, used_at, expires_at)
        VALUES (@hash, @user, 'bench', @now, @now, @expires)
        """;

    const string AddRoom = """
        INSERT INTO rooms (id, kind, name, name_key, creator_id, created_at, last_seq, rev, last_rev)
        VALUES (@id, 'open', @name, @name, @creator, @now, @size, 1, @head)
        """;

    const string AddMember = """
        INSERT INTO memberships (room_id, user_id, joined, since, mark, rev, person_rev)
        VALUES (@room, @user, 1, @now, @mark, @rev, @personRev)
        """;

    const string AddMessage = """
        INSERT INTO messages (room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at)
        VALUES (@room, @seq, @rev, @author, @cid, 'text', @body, @hash, @now)
        """;

    const string FillGeneral = "UPDATE rooms SET last_rev = last_rev + @people WHERE id = 1";

    const string AdvanceServer = "UPDATE server SET last_rev = @people WHERE id = 1";

    const int Together = 100_000;
    const int MillisecondsBetween = 3000;

    /// <summary>What people say, from very short to a few sentences.</summary>
    static readonly string s_words = string.Concat(Enumerable.Repeat("so it goes on and on, and then it ends where it began. ", 6));

    public static async Task PrepareAsync(DepthPlan plan, CancellationToken ct)
    {
        if (Directory.Exists(plan.Folder)) Directory.Delete(plan.Folder, recursive: true);
        Directory.CreateDirectory(plan.Folder);
        await using (await Database.OpenAsync(Seeding.Options(plan.Database), ct)) { } // the schema, by the program's own hand

        var tokens = Enumerable.Range(0, DepthPlan.People).Select(_ => SessionToken.New()).ToArray();
        var sizes = new int[DepthPlan.Rooms];
        using (var connection = new SqliteConnection($"Data Source={plan.Database};Pooling=False"))
        {
            connection.Open();
            Execute(connection, Fast);
            var now = DateTimeOffset.UtcNow;
            AddMessages(connection, plan, sizes, now.ToUnixTimeMilliseconds(), ct);
            Execute(connection, "BEGIN");
            AddPeople(connection, tokens, now);
            AddRooms(connection, sizes, now.ToUnixTimeMilliseconds());
            Execute(connection, "COMMIT");
            Execute(connection, "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL;");
        }
        await File.WriteAllLinesAsync(plan.Headers, tokens.Select(token => $"Cookie: {CookieName.Plain}={token}"), ct);
        await File.WriteAllLinesAsync(plan.Sizes, sizes.Select(size => size.ToString(CultureInfo.InvariantCulture)), ct);
    }

    static void AddMessages(SqliteConnection connection, DepthPlan plan, int[] sizes, long now, CancellationToken ct)
    {
        using var add = new Statement(connection, AddMessage, "@room", "@seq", "@rev", "@author", "@cid", "@body", "@hash", "@now");
        var rooms = new Zipf(DepthPlan.Rooms, seed: 1);
        var chance = new Random(2);
        for (var i = 0; i < plan.Messages; i++)
        {
            if (i % Together == 0)
            {
                ct.ThrowIfCancellationRequested();
                Execute(connection, i == 0 ? "BEGIN" : "COMMIT; BEGIN");
            }
            var room = rooms.Next();
            var seq = ++sizes[room];
            var at = now - (plan.Messages - i) * (long)MillisecondsBetween;
            var body = Body(DepthPlan.Id(room), seq) + s_words[..(int)(s_words.Length * Math.Pow(chance.NextDouble(), 3))];
            add.Run(
                DepthPlan.Id(room), seq, seq + DepthPlan.BeforeTalk, DepthPlan.Member(room, chance.Next(DepthPlan.RoomSize)),
                string.Create(CultureInfo.InvariantCulture, $"{at:x11}{chance.NextInt64():x16}"), body,
                SHA256.HashData(Encoding.UTF8.GetBytes(body)), at);
        }
        Execute(connection, "COMMIT");
    }

    /// <summary>What a message's text begins with, so that a reader knows the right one.</summary>
    static string Body(int id, int seq) => string.Create(CultureInfo.InvariantCulture, $"{id}/{seq} ");

    static void AddPeople(SqliteConnection connection, string[] tokens, DateTimeOffset at)
    {
        var (now, expires) = (at.ToUnixTimeMilliseconds(), (at + Sessions.Absolute).ToUnixTimeMilliseconds());
        var passwordHash = BCrypt.Net.BCrypt.HashPassword(Seeding.Password, 12);
        using var person = new Statement(connection, AddPerson, "@id", "@name", "@hash", "@color", "@role", "@now", "@places");
        using var member = new Statement(connection, AddMember, "@room", "@user", "@now", "@mark", "@rev", "@personRev");
        using var session = new Statement(connection, AddSession, "@hash", "@user", "@now", "@expires");
        for (var id = 1; id <= DepthPlan.People; id++)
        {
            person.Run(id, string.Create(CultureInfo.InvariantCulture, $"person{id}"), passwordHash,
                Palette.Colors[id % Palette.Colors.Count], id == 1 ? Roles.Owner : Roles.Member, now,
                1 + DepthPlan.Rooms * DepthPlan.RoomSize / DepthPlan.People);
            member.Run(1, id, now, 0, 1 + id, 1);
            session.Run(SessionToken.Hash(tokens[id - 1]), id, now, expires);
        }
        using var general = new Statement(connection, FillGeneral, "@people");
        general.Run(DepthPlan.People);
        using var server = new Statement(connection, AdvanceServer, "@people");
        server.Run(DepthPlan.People);
    }

    static void AddRooms(SqliteConnection connection, int[] sizes, long now)
    {
        using var add = new Statement(connection, AddRoom, "@id", "@name", "@creator", "@now", "@size", "@head");
        using var join = new Statement(connection, AddMember, "@room", "@user", "@now", "@mark", "@rev", "@personRev");
        var places = new int[DepthPlan.People + 1];
        for (var room = 0; room < sizes.Length; room++)
        {
            add.Run(DepthPlan.Id(room), string.Create(CultureInfo.InvariantCulture, $"room {room + 1}"), DepthPlan.Member(room, 0), now,
                sizes[room], DepthPlan.BeforeTalk + sizes[room]);
            for (var member = 0; member < DepthPlan.RoomSize; member++)
            {
                var id = DepthPlan.Member(room, member);
                join.Run(DepthPlan.Id(room), id, now, Math.Max(0, sizes[room] - DepthPlan.Unread(member)), 2 + member, 1 + ++places[id]);
            }
        }
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>One statement, prepared once, and its parameters in order.</summary>
    sealed class Statement : IDisposable
    {
        readonly SqliteCommand _command;

        public Statement(SqliteConnection connection, string sql, params string[] names)
        {
            _command = connection.CreateCommand();
            _command.CommandText = sql;
            foreach (var name in names) _command.Parameters.Add(new SqliteParameter(name, null));
            _command.Prepare();
        }

        public void Run(params ReadOnlySpan<object> values)
        {
            for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i];
            _command.ExecuteNonQuery();
        }

        public void Dispose() => _command.Dispose();
    }
}
