using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Olha.Server.Configuration;

namespace Olha.Server.Tls;

/// <summary>Gets one certificate: account, order, proof that the host is ours, signature (RFC 8555, 7). What an interrupted one left behind
/// is the authority's to know: it gives the same order again, and asks for no proof twice.</summary>
internal sealed class CertificateOrder(ServerOptions options, CertificateStore store, TimeProvider clock)
{
    const string Kind = "tls-alpn-01";
    static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(15);

    /// <returns>Key and chain, both PEM.</returns>
    /// <exception cref="AcmeException">The authority refuses, or did not see us.</exception>
    /// <exception cref="HttpRequestException">It can't be reached.</exception>
    public async Task<(string Key, string Chain)> RunAsync(CancellationToken ct)
    {
        using var account = new AccountKey(await store.AccountAsync(AccountKey.NewPem(), ct));
        using var authority = new AcmeClient(options, account, clock);
        await authority.OpenAccountAsync(options.AcmeEmail, ct);
        var (url, order) = await authority.OrderAsync(store.Host, ct);
        foreach (var authorization in order.Authorizations) await ProveAsync(authority, account, authorization, ct);

        order = await UntilAsync(authority, url, AcmeJson.Default.AcmeOrder, static it => it.Status != "pending", ct);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (order.Status == "ready") await authority.FinalizeAsync(order.Finalize, new(Base64Url.EncodeToString(RequestOf(key))), ct);
        order = await UntilAsync(authority, url, AcmeJson.Default.AcmeOrder, static it => it.Status is "valid" or "invalid", ct);
        return order is { Status: "valid", Certificate: { } certificate }
            ? (key.ExportPkcs8PrivateKeyPem(), await authority.DownloadAsync(certificate, ct))
            : throw new AcmeException(order.Error is { } error ? AcmeClient.WordsOf(error) : "the order was refused");
    }

    async Task ProveAsync(AcmeClient authority, AccountKey account, Uri url, CancellationToken ct)
    {
        var (authorization, _) = await authority.GetAsync(url, AcmeJson.Default.AcmeAuthorization, ct);
        if (authorization.Status == "valid") return; // it was seen a while ago

        if (authorization.Challenges.FirstOrDefault(static it => it.Type == Kind) is not { Token: { } token } challenge)
            throw new AcmeException($"the authority does not look by {Kind}");
        await store.ChallengeAsync(Convert.ToHexString(account.ProofOf(token)), ct);
        await authority.InviteAsync(challenge, ct);
        authorization = await UntilAsync(authority, url, AcmeJson.Default.AcmeAuthorization, static it => it.Status is not ("pending" or "processing"), ct);
        if (authorization.Status == "valid") return;

        var why = authorization.Challenges.FirstOrDefault(static it => it.Error is not null)?.Error;
        throw new AcmeException($"the authority looked for us at port 443 of {store.Host}: {(why is null ? authorization.Status : AcmeClient.WordsOf(why))}");
    }

    async Task<T> UntilAsync<T>(
        AcmeClient authority, Uri url, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<T, bool> done, CancellationToken ct) where T : class
    {
        for (var wait = s_firstWait; ; wait *= 2)
        {
            var (thing, again) = await authority.GetAsync(url, type, ct);
            if (done(thing)) return thing;
            var longest = again > wait ? again.Value : wait;
            await Task.Delay(longest < s_longestWait ? longest : s_longestWait, clock, ct);
        }
    }

    byte[] RequestOf(ECDsa key)
    {
        var request = new CertificateRequest($"CN={store.Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(store.Host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSigningRequest();
    }
}
