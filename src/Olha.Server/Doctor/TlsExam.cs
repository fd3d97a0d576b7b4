using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Olha.Server.Configuration;
using Olha.Server.Tls;
using Olha.Storage;
using Olha.Storage.Inspecting;

namespace Olha.Server.Doctor;

/// <summary>The certificate: readable, the key's, for this host, and for how long.</summary>
internal static class TlsExam
{
    const string Area = "tls";

    static readonly TimeSpan s_soon = TimeSpan.FromDays(14);

    /// <summary>That of the files which the settings name.</summary>
    public static IReadOnlyList<Finding> OfFiles(ServerOptions options, TimeProvider clock)
    {
        try
        {
            var findings = Of(File.ReadAllText(options.TlsCertificate!), File.ReadAllText(options.TlsKey!), options, clock, "Renew it and put the new one into the same files.").ToList();
            if (SystemFacts.Of(options.TlsKey!) is { } key && (key.Mode & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
                findings.Add(Finding.Warning(Area, "readable", $"Every user of this machine can read the key {options.TlsKey}.",
                    $"chmod o-rwx {options.TlsKey}"));
            return findings;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return [Finding.Problem(Area, "unsound", $"TLS_CERTIFICATE and TLS_KEY can't be used: {e.Message}",
                "Both must be PEM, belong together, be readable by the server's user, and the key not encrypted.")];
        }
    }

    /// <summary>The one that an authority gave.</summary>
    public static async Task<IReadOnlyList<Finding>> OfAuthorityAsync(ServerOptions options, DatabaseOptions place, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            await using var snapshot = await Snapshot.OpenAsync(place, ct);
            var row = await snapshot.ReadAsync(async session => await CertificateStore.FindAsync(session, options), ct) ?? CertificateRow.None;
            var findings = new List<Finding>();
            if (row is { Chain: { } chain, Key: { } key }) findings.AddRange(Of(chain, key, options, clock, "The server renews it: it must run, and the authority reach its port 443."));
            else if (row.Reason is null) findings.Add(Finding.Ok(Area, "none", "There is no certificate yet: the server asks for one when it runs."));
            if (row.Reason is { } reason)
                findings.Add(Finding.Warning(Area, "refused", $"The authority gave no certificate at the last of {row.Failures} tries: {reason}",
                    $"Mend that; it is asked again after {row.NotBefore:u}."));
            return findings;
        }
        catch (Exception e) when (e is DatabaseRefusedException or DatabaseUnavailableException)
        {
            return []; // said where the database is looked at
        }
    }

    static IEnumerable<Finding> Of(string chain, string key, ServerOptions options, TimeProvider clock, string renew)
    {
        var certificate = ServerCertificate.Of(chain, key);
        var now = clock.GetUtcNow();
        var until = $"{certificate.NotAfter:yyyy-MM-dd HH:mm} UTC";
        yield return certificate.NotAfter <= now ? Finding.Problem(Area, "expired",
            $"The certificate of {certificate.Name} ran out on {until}.", renew)
            : certificate.NotBefore > now ? Finding.Problem(Area, "early", $"The certificate of {certificate.Name} holds from {certificate.NotBefore:yyyy-MM-dd HH:mm} UTC on only.",
                "Look at this machine's clock.")
            : certificate.NotAfter - now < s_soon ? Finding.Warning(Area, "expires",
                $"The certificate of {certificate.Name} runs out on {until}.", renew)
            : Finding.Ok(Area, "certificate", $"The certificate of {certificate.Name} and its key belong together; it holds until {until}.");
        using var leaf = X509Certificate2.CreateFromPem(chain);
        if (options.PublicUrl is { } url && !leaf.MatchesHostname(url.IdnHost))
            yield return Finding.Problem(Area, "host", $"The certificate is not for {url.IdnHost}, the host of PUBLIC_URL.",
                "Get one for that name, or correct PUBLIC_URL.");
    }
}
