using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Olha.Server.Configuration;
using Olha.Storage;

namespace Olha.Server.Tls;

/// <summary>Answers an authority that comes to see whether the host is ours (TLS-ALPN-01, RFC 8737). What it wants to see lies in the
/// database: it may come to another node than the one that asked.</summary>
internal sealed class Challenges(ServerOptions options, CertificateStore store, TimeProvider clock)
{
    const string AcmeIdentifier = "1.3.6.1.5.5.7.1.31";
    static readonly SslApplicationProtocol s_protocol = new("acme-tls/1");

    /// <summary>Whether one may come at all.</summary>
    public bool Possible => options.UsesAcme;

    /// <returns>What it is to be shown; null: nothing was asked for.</returns>
    public async ValueTask<SslServerAuthenticationOptions?> HandshakeAsync(string? host, CancellationToken ct)
    {
        if (!store.Host.Equals(host, StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            return (await store.FindAsync(ct)).Challenge is { } challenge ? AnswerTo(Convert.FromHexString(challenge)) : null;
        }
        catch (Exception cause) when (cause is DatabaseUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }

    SslServerAuthenticationOptions AnswerTo(byte[] challenge)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={store.Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(store.Host);
        request.CertificateExtensions.Add(names.Build());
        var proof = new AsnWriter(AsnEncodingRules.DER);
        proof.WriteOctetString(challenge);
        request.CertificateExtensions.Add(new X509Extension(AcmeIdentifier, proof.Encode(), critical: true));
        var now = clock.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return ServerCertificate.HandshakeWith(SslStreamCertificateContext.Create(certificate, null, offline: true), s_protocol);
    }
}
