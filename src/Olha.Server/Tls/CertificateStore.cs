using System.Data.Common;
using Olha.Server.Configuration;
using Olha.Storage;

namespace Olha.Server.Tls;

/// <summary>All SQL that touches <c>certificates</c> and <c>acme_accounts</c>, for the one host that this server is.</summary>
internal sealed class CertificateStore(ServerOptions options, Database db)
{
    const string Find = """
        SELECT key, chain, challenge, failures, not_before, reason FROM certificates WHERE directory = @directory AND host = @host
        """;
    const string Begin = """
        INSERT INTO certificates (directory, host, failures, not_before, reason) VALUES (@directory, @host, 1, @notBefore, @reason)
        ON CONFLICT (directory, host) DO UPDATE SET failures = certificates.failures + 1, not_before = @notBefore, reason = @reason
        """;
    const string Challenge = "UPDATE certificates SET challenge = @challenge WHERE directory = @directory AND host = @host";
    const string Fail = """
        UPDATE certificates SET not_before = @notBefore, reason = @reason, challenge = NULL WHERE directory = @directory AND host = @host
        """;
    const string Finish = """
        UPDATE certificates SET key = @key, chain = @chain, challenge = NULL, failures = 0, not_before = 0, reason = NULL
        WHERE directory = @directory AND host = @host
        """;
    const string AddAccount = "INSERT INTO acme_accounts (directory, key) VALUES (@directory, @key) ON CONFLICT (directory) DO NOTHING";
    const string Account = "SELECT key FROM acme_accounts WHERE directory = @directory";

    /// <summary>In ASCII, as it stands in a certificate.</summary>
    public string Host { get; } = options.PublicUrl?.IdnHost ?? "";

    string Directory { get; } = options.Authority.AbsoluteUri;

    public async ValueTask<CertificateRow> FindAsync(CancellationToken ct) => await db.ReadAsync(
        session => session.FirstOrDefaultAsync(Find, CertificateRow.Read, ("@directory", Directory), ("@host", Host)), ct) ?? CertificateRow.None;

    /// <summary>What is known of the certificate that these settings ask for; null: nothing.</summary>
    public static ValueTask<CertificateRow?> FindAsync(Session session, ServerOptions options) => session.FirstOrDefaultAsync(
        Find, CertificateRow.Read, ("@directory", options.Authority.AbsoluteUri), ("@host", options.PublicUrl?.IdnHost ?? ""));

    /// <summary>An attempt begins: a failure until it is something else, so that who is killed in between does not ask again at once.</summary>
    public Task BeginAsync(DateTimeOffset notBefore, string reason, CancellationToken ct) => WriteAsync(
        Begin, ct, ("@notBefore", notBefore.ToUnixTimeMilliseconds()), ("@reason", reason));

    /// <summary>What the authority will ask for; null: it has asked.</summary>
    public Task ChallengeAsync(string? challenge, CancellationToken ct) => WriteAsync(Challenge, ct, ("@challenge", challenge));

    public Task FailAsync(DateTimeOffset notBefore, string reason, CancellationToken ct) => WriteAsync(
        Fail, ct, ("@notBefore", notBefore.ToUnixTimeMilliseconds()), ("@reason", reason));

    public Task FinishAsync(string key, string chain, CancellationToken ct) => WriteAsync(Finish, ct, ("@key", key), ("@chain", chain));

    /// <summary>The account's key: the one that was there first.</summary>
    /// <param name="fresh">Taken when there is none yet.</param>
    /// <param name="ct">Gives up waiting to begin.</param>
    public async ValueTask<string> AccountAsync(string fresh, CancellationToken ct) => await db.WriteAsync(async tx =>
    {
        await tx.ExecuteAsync(AddAccount, ("@directory", Directory), ("@key", fresh));
        return (await tx.ScalarAsync<string>(Account, ("@directory", Directory)))!;
    }, ct);

    async Task WriteAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] parameters) => await db.WriteAsync(
        tx => tx.ExecuteAsync(sql, [("@directory", Directory), ("@host", Host), .. parameters]), ct);
}

/// <summary>What is known of the host's certificate. Without <paramref name="Chain"/> there is none yet.</summary>
internal sealed record CertificateRow(string? Key, string? Chain, string? Challenge, int Failures, DateTimeOffset NotBefore, string? Reason)
{
    public static CertificateRow None { get; } = new(null, null, null, 0, DateTimeOffset.MinValue, null);

    public static CertificateRow Read(DbDataReader row) => new(
        TextOrNull(row, 0), TextOrNull(row, 1), TextOrNull(row, 2), (int)row.GetInt64(3),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), TextOrNull(row, 5));

    static string? TextOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
