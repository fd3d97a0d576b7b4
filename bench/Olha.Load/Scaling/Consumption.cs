using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Olha.Load;

/// <summary>What the processes of a cluster had used at one moment; the difference of two is what they used meanwhile.</summary>
/// <param name="At">When.</param>
/// <param name="Nodes">CPU seconds of all nodes.</param>
/// <param name="Postgres">CPU seconds of all its processes.</param>
/// <param name="Redis">CPU seconds.</param>
/// <param name="RedisIn">Bytes that Redis read.</param>
/// <param name="RedisOut">Bytes that Redis wrote.</param>
/// <param name="Wal">Bytes that PostgreSQL wrote to its log.</param>
/// <param name="Commits">Transactions that PostgreSQL committed, those that only read included.</param>
internal sealed record Consumption(
    DateTime At, double Nodes, double Postgres, double Redis, double RedisIn, double RedisOut, double Wal, double Commits)
{
    const int TicksPerSecond = 100; // USER_HZ, the same on every Linux

    const string Written = """
        SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8, (SELECT SUM(xact_commit) FROM pg_stat_database)::float8
        """;

    public static async Task<Consumption> ReadAsync(IEnumerable<Child> nodes, Services services, NpgsqlConnection postgres, CancellationToken ct)
    {
        await using var ask = new NpgsqlCommand(Written, postgres);
        await using var written = await ask.ExecuteReaderAsync(ct);
        await written.ReadAsync(ct);
        var redis = await RedisAsync(services.RedisPort, ct);
        return new Consumption(
            DateTime.UtcNow, nodes.Sum(node => CpuOf(node.Id)), CpuOf(services.PostgresId), redis.Cpu, redis.In, redis.Out,
            written.GetDouble(0), written.GetDouble(1));
    }

    public Consumption Since(Consumption before) => new(
        At, Nodes - before.Nodes, Postgres - before.Postgres, Redis - before.Redis, RedisIn - before.RedisIn, RedisOut - before.RedisOut,
        Wal - before.Wal, Commits - before.Commits);

    /// <summary>CPU seconds of a process and of its children, those that have ended included.</summary>
    public static double CpuOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var children = File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[11..15].Sum(Number) / TicksPerSecond + children.Sum(child => CpuOf(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            return 0; // a child that has just ended: its parent has it
        }
    }

    /// <summary>CPU seconds of Redis, and bytes that it has read and written, since its start: by its own account, whose seconds are finer than the
    /// kernel's of a process.</summary>
    public static async Task<(double Cpu, double In, double Out)> RedisAsync(int port, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync("INFO\r\nQUIT\r\n"u8.ToArray(), ct);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var facts = (await reader.ReadToEndAsync(ct)).Split("\r\n").Select(static line => line.Split(':')).Where(static it => it.Length == 2)
            .ToDictionary(static it => it[0], static it => it[1]);
        return (Number(facts["used_cpu_sys"]) + Number(facts["used_cpu_user"]), Number(facts["total_net_input_bytes"]), Number(facts["total_net_output_bytes"]));
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
