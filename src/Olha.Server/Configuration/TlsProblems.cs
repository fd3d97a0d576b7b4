namespace Olha.Server.Configuration;

/// <summary>What does not fit together in the settings of TLS, each sound by itself.</summary>
internal static class TlsProblems
{
    public static IEnumerable<string> Of(ServerOptions options)
    {
        if (options.TlsCertificate is null != options.TlsKey is null)
            yield return "TLS_CERTIFICATE and TLS_KEY belong together: set both or none.";
        if (options.TlsCertificate is not null && options.PublicUrl is not null && !options.HasSecureUrl)
            yield return "PUBLIC_URL must be https://host with TLS_CERTIFICATE.";
        if (options.TlsCertificate is not null && options.AcmeDirectory is not null)
            yield return "ACME_DIRECTORY has no meaning with TLS_CERTIFICATE: unset one of them.";
        else if (options.AcmeDirectory is not null && !options.HasSecureUrl)
            yield return "ACME_DIRECTORY needs PUBLIC_URL=https://host, whose certificate is asked for.";
        if (options.UsesAcme && options.PublicUrl!.HostNameType is not UriHostNameType.Dns)
            yield return "PUBLIC_URL must have a host name, not an address, to get a certificate for it (ACME).";
        if (!options.UsesAcme && (options.AcmeEmail ?? options.AcmeRoots) is not null)
            yield return $"{(options.AcmeEmail is null ? "ACME_ROOTS" : "ACME_EMAIL")} needs PUBLIC_URL=https://host, and PORT=443 or ACME_DIRECTORY.";
        if (options.RedirectPort > 0 && !options.SpeaksTls)
            yield return "REDIRECT_PORT needs TLS: TLS_CERTIFICATE, or PUBLIC_URL=https://host with PORT=443 or ACME_DIRECTORY.";
        if (options.PlainPort == options.Port)
            yield return "REDIRECT_PORT must be another one than PORT.";
    }
}
