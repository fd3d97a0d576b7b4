using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olha.Server.Tls;

// What travels between us and an authority, as RFC 8555 names it; what we do not need is left out.

internal sealed record AcmeDirectory(Uri NewNonce, Uri NewAccount, Uri NewOrder);

internal sealed record AcmeNewAccount(bool TermsOfServiceAgreed, IReadOnlyList<string>? Contact);

internal sealed record AcmeNewOrder(IReadOnlyList<AcmeIdentifier> Identifiers);

internal sealed record AcmeIdentifier(string Type, string Value);

internal sealed record AcmeOrder(string Status, IReadOnlyList<Uri> Authorizations, Uri Finalize, Uri? Certificate = null, AcmeProblem? Error = null);

internal sealed record AcmeAuthorization(string Status, IReadOnlyList<AcmeChallenge> Challenges);

internal sealed record AcmeChallenge(string Type, Uri Url, string? Token = null, AcmeProblem? Error = null);

internal sealed record AcmeFinalize(string Csr);

internal sealed record AcmeProblem(string? Type = null, string? Detail = null);

/// <summary>A signed message (RFC 7515), each part in base64url.</summary>
internal sealed record AcmeSigned(string Protected, string Payload, string Signature);

internal sealed record AcmeHeader(string Alg, string Nonce, string Url, string? Kid, AcmeKey? Jwk);

/// <summary>A public key, its members in the order in which its thumbprint wants them (RFC 7638).</summary>
internal sealed record AcmeKey(string Crv, string Kty, string X, string Y);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AcmeDirectory))]
[JsonSerializable(typeof(AcmeNewAccount))]
[JsonSerializable(typeof(AcmeNewOrder))]
[JsonSerializable(typeof(AcmeOrder))]
[JsonSerializable(typeof(AcmeAuthorization))]
[JsonSerializable(typeof(AcmeFinalize))]
[JsonSerializable(typeof(AcmeProblem))]
[JsonSerializable(typeof(AcmeSigned))]
[JsonSerializable(typeof(AcmeHeader))]
[JsonSerializable(typeof(AcmeKey))]
internal sealed partial class AcmeJson : JsonSerializerContext;

/// <summary>The authority refused, or said what nobody understands.</summary>
/// <param name="message">Its words.</param>
/// <param name="retryAfter">How long it does not want to hear of us; null: it did not say.</param>
internal sealed class AcmeException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public TimeSpan? RetryAfter => retryAfter;
}
