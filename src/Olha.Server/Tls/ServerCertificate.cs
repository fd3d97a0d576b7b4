using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Olha.Server.Tls;

/// <summary>A certificate with its key and chain, ready to be shown to clients.</summary>
internal sealed class ServerCertificate
{
    ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection chain)
    {
        Name = leaf.GetNameInfo(X509NameType.DnsName, forIssuer: false);
        (NotBefore, NotAfter) = (leaf.NotBefore.ToUniversalTime(), leaf.NotAfter.ToUniversalTime());
        // Offline: nothing is fetched, neither what a chain lacks nor whether it was revoked.
        Handshake = HandshakeWith(SslStreamCertificateContext.Create(leaf, chain, offline: true), SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
    }

    /// <summary>The first host that it is for.</summary>
    public string Name { get; }

    public DateTimeOffset NotBefore { get; }
    public DateTimeOffset NotAfter { get; }

    /// <summary>One for all connections, so that a session can be resumed.</summary>
    public SslServerAuthenticationOptions Handshake { get; }

    /// <param name="chain">PEM: the certificate first, then those that signed it.</param>
    /// <param name="key">PEM, not encrypted.</param>
    /// <exception cref="CryptographicException">They can't be read, or do not belong together.</exception>
    public static ServerCertificate Of(string chain, string key)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(chain);
            var leaf = X509Certificate2.CreateFromPem(chain, key);
            all[0].Dispose();
            all.RemoveAt(0);
            return new ServerCertificate(leaf, all);
        }
        catch (ArgumentException cause)
        {
            throw new CryptographicException(cause.ParamName is "privateKey" ? "the key is another certificate's" : cause.Message, cause);
        }
    }

    public static SslServerAuthenticationOptions HandshakeWith(SslStreamCertificateContext context, params List<SslApplicationProtocol> protocols) => new()
    {
        ServerCertificateContext = context,
        ApplicationProtocols = protocols,
#pragma warning disable CA5398 // What is older than 1.2 is broken (RFC 8996), whatever the system still allows.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
    };
}
