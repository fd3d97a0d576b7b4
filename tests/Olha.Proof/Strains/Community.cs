using System.Buffers.Text;
using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Olha.Testing;

namespace Olha.Proof;

/// <summary>A server with many people, each signed in, some of them in rooms besides General: made as the program would have made it, but
/// without the hours that hashing thousands of passwords takes.</summary>
internal sealed class Community : IAsyncDisposable
{
    /// <summary>Room 1 is General; of the others person i is in the one with this number.</summary>
    const int FirstRoom = 2;

    readonly ulong _seed;
    readonly int _people, _rooms;
    readonly Dictionary<long, long> _heads = [];

    Community(IReadOnlyList<Node> nodes, ulong seed, int people, int rooms)
    {
        (Nodes, _seed, _people, _rooms) = (nodes, seed, people, rooms);
        Http = NewHttp();
    }

    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The first one, which mostly is the only one.</summary>
    public Node Node => Nodes[0];

    public HttpClient Http { get; private set; }

    public int People => _people;

    public string Epoch { get; private set; } = "";

    public long ServerRev { get; private set; }

    /// <summary>Starts a node, lets it make its schema, fills it and starts it again.</summary>
    /// <param name="context">Program, folder, database and seed.</param>
    /// <param name="people">How many.</param>
    /// <param name="rooms">How many rooms besides General; person i is in the (i modulo rooms)th.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="ground">For a cluster: as many nodes as it has cables, on a fresh database; null: one node.</param>
    public static async Task<Community> FoundAsync(ProofContext context, int people, int rooms, CancellationToken ct, ClusterGround? ground = null)
    {
        if (ground is not null) await ground.RenewAsync();
        var community = new Community(
            ground is null
                ? [new Node(NodeOptions.Plain(context.Program, context.Folder, Ports.Free(), context.DatabaseUrl))]
                : [.. Enumerable.Range(0, ground.ToRedis.Count).Select(number => new Node(NodeOptions.Plain(
                    context.Program, Directory.CreateDirectory(Path.Combine(context.Folder, $"{number}")).FullName, Ports.Free(),
                    ground.DatabaseUrlOf(number), ground.RedisUrlOf(number))))],
            context.Seed, people, rooms);
        var databaseUrl = ground?.DatabaseUrl ?? context.DatabaseUrl;
        try
        {
            await community.Node.StartAsync(ct);
            await community.Node.StopAsync();
            await using (var database = await Databases.OpenAsync(context.Folder, databaseUrl, ct)) await community.FillAsync(database, ct);
            await Task.WhenAll(community.Nodes.Select(node => node.StartAsync(ct)));
            await using (var database = await Databases.OpenAsync(context.Folder, databaseUrl, ct)) await community.LookAsync(database, ct);
            return community;
        }
        catch
        {
            await community.DisposeAsync();
            throw;
        }
    }

    /// <summary>The rooms that a person is in, with their heads as they were at the beginning.</summary>
    public IReadOnlyDictionary<long, long> RoomsOf(int person)
    {
        var rooms = new Dictionary<long, long> { [1] = _heads[1] };
        if (RoomOf(person) is var room and > 1) rooms[room] = _heads[room];
        return rooms;
    }

    /// <summary>The room that a person is in besides General; without such rooms General.</summary>
    public long RoomOf(int person) => _rooms == 0 ? 1 : FirstRoom + person % _rooms;

    public long PersonRevOf(int person) => RoomOf(person) > 1 ? 2 : 1;

    /// <summary>The secret of a person's session.</summary>
    public string TokenOf(int person) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($"{_seed}/{person}")));

    /// <summary>Eight addresses in turn.</summary>
    public static IPAddress SourceOf(int person) => new([127, 0, 0, (byte)(2 + person % 8)]);

    /// <summary>Lets the connections of earlier requests go. None may be under way.</summary>
    public void ForgetRequests()
    {
        Http.Dispose();
        Http = NewHttp();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var node in Nodes) await node.DisposeAsync();
    }

    async Task FillAsync(DbConnection database, CancellationToken ct)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await using var transaction = await database.BeginTransactionAsync(ct);
        var general = await LastRevAsync("SELECT last_rev FROM rooms WHERE id = 1");
        for (var i = 0; i < _people; i++)
        {
            await RunAsync("""
                INSERT INTO users (id, username, name_key, display_name, password_hash, color, role, created_at, rev, last_rev)
                VALUES (@id, @name, @name, @name, '', @color, @role, @now, @id, @places)
                """, ("@id", i + 1L), ("@name", $"person{i + 1}"), ("@color", (i * 7919L) & 0xFFFFFF), ("@role", i == 0 ? "owner" : "member"), ("@now", now),
                ("@places", PersonRevOf(i)));
            await RunAsync("""
                INSERT INTO sessions (token_hash, user_id, device, created_at, used_at, expires_at) VALUES (@hash, @user, 'proof', @now, @now, @expires)
                """, ("@hash", SHA256.HashData(Encoding.UTF8.GetBytes(TokenOf(i)))), ("@user", i + 1L), ("@now", now), ("@expires", now + 80L * 86_400_000));
            await JoinAsync(1, i, general + 1 + i, 1);
        }
        await RunAsync("UPDATE rooms SET last_rev = @head WHERE id = 1", ("@head", general + _people));
        await RunAsync("UPDATE server SET last_rev = @people WHERE id = 1", ("@people", (long)_people));
        for (var room = 0; room < _rooms; room++)
        {
            var members = Enumerable.Range(0, _people).Where(i => i % _rooms == room).ToArray();
            await RunAsync("""
                INSERT INTO rooms (id, kind, name, name_key, creator_id, created_at, rev, last_rev) VALUES (@id, 'open', @name, @name, @creator, @now, 1, @head)
                """, ("@id", (long)(FirstRoom + room)), ("@name", $"room {room + 1}"), ("@creator", members[0] + 1L), ("@now", now), ("@head", 1L + members.Length));
            for (var i = 0; i < members.Length; i++) await JoinAsync(FirstRoom + room, members[i], 2 + i, 2);
        }
        await transaction.CommitAsync(ct);

        Task JoinAsync(long room, int person, long rev, long personRev) => RunAsync("""
            INSERT INTO memberships (room_id, user_id, joined, since, mark, rev, person_rev) VALUES (@room, @user, 1, @now, 0, @rev, @personRev)
            """, ("@room", room), ("@user", person + 1L), ("@now", now), ("@rev", rev), ("@personRev", personRev));

        async Task<long> LastRevAsync(string sql)
        {
            await using var command = Command(sql);
            return Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
        }

        async Task RunAsync(string sql, params (string Name, object Value)[] parameters)
        {
            await using var command = Command(sql);
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }
            await command.ExecuteNonQueryAsync(ct);
        }

        DbCommand Command(string sql)
        {
            var command = database.CreateCommand();
#pragma warning disable CA2100 // The constants above.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.Transaction = transaction;
            return command;
        }
    }

    async Task LookAsync(DbConnection database, CancellationToken ct)
    {
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT value, (SELECT last_rev FROM server WHERE id = 1) FROM epoch WHERE id = 1";
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            (Epoch, ServerRev) = (row.GetString(0), row.GetInt64(1));
        }
        command.CommandText = "SELECT id, last_rev FROM rooms";
        await using var rooms = await command.ExecuteReaderAsync(ct);
        while (await rooms.ReadAsync(ct)) _heads[rooms.GetInt64(0)] = rooms.GetInt64(1);
    }

    HttpClient NewHttp() => new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 });
}
