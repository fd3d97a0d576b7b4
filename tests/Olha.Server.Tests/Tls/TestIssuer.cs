using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Olha.Server.Tests.Tls;

/// <summary>Signs certificates for tests: a root, one in between, and as many hosts' as are asked for.</summary>
internal sealed class TestIssuer
{
    readonly X509Certificate2 _root = Sign("root", issuer: null);
    readonly X509Certificate2 _between;
    int _made;

    public TestIssuer() => _between = Sign("between", _root);

    public string RootPem => _root.ExportCertificatePem();

    /// <returns>PEM, the certificate's chain without the root, and its key.</returns>
    public (string Chain, string Key) For(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host} {++_made}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var leaf = request.Create(_between, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(8));
        return ($"{leaf.ExportCertificatePem()}\n{_between.ExportCertificatePem()}\n", key.ExportPkcs8PrivateKeyPem());
    }

    static X509Certificate2 Sign(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=test {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(60));
        if (issuer is null) return request.CreateSelfSigned(from, to);
        using var signed = request.Create(issuer, from.AddMinutes(1), to.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
