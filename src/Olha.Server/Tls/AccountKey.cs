using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Olha.Server.Tls;

/// <summary>Who we are to an authority: a key on P-256, and what is signed with it (ES256, RFC 7518).</summary>
internal sealed class AccountKey : IDisposable
{
    readonly ECDsa _key = ECDsa.Create();

    /// <param name="pem">Of <see cref="NewPem"/>.</param>
    public AccountKey(string pem)
    {
        _key.ImportFromPem(pem);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        Public = new AcmeKey("P-256", "EC", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }

    public AcmeKey Public { get; }

    public static string NewPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>What proves that a host is this account's: the hash of RFC 8737, 3.</summary>
    public byte[] ProofOf(string token)
    {
        var thumbprint = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Public, AcmeJson.Default.AcmeKey));
        return SHA256.HashData(Encoding.ASCII.GetBytes($"{token}.{Base64Url.EncodeToString(thumbprint)}"));
    }

    /// <param name="url">Where it is sent.</param>
    /// <param name="nonce">Of the authority, once.</param>
    /// <param name="account">Where the account is; null: it is just being made.</param>
    /// <param name="payload">JSON, or nothing to read what is there.</param>
    public AcmeSigned Sign(Uri url, string nonce, Uri? account, byte[] payload)
    {
        var header = new AcmeHeader("ES256", nonce, url.AbsoluteUri, account?.AbsoluteUri, account is null ? Public : null);
        var first = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header, AcmeJson.Default.AcmeHeader));
        var second = Base64Url.EncodeToString(payload);
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{first}.{second}"), HashAlgorithmName.SHA256);
        return new AcmeSigned(first, second, Base64Url.EncodeToString(signature));
    }

    public void Dispose() => _key.Dispose();
}
