using System.Security.Cryptography;
using Olha.Server.Configuration;

namespace Olha.Server.Tls;

/// <summary>The certificate that lies in two files, looked at every few seconds: whoever renews it need not tell us, and a look needs no
/// watch on a folder, which links and mounted secrets would slip by.</summary>
internal sealed partial class CertificateFiles(ServerOptions options, Certificates certificates, TimeProvider clock, ILogger<CertificateFiles> log)
    : BackgroundService
{
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(3);

    (string Chain, string Key) _seen;
    string? _complaint; // said once

    /// <exception cref="CertificateRefusedException">The first pair can't be used.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception cause) when (IsUnsound(cause))
        {
            throw new CertificateRefusedException(
                $"TLS_CERTIFICATE {options.TlsCertificate} and TLS_KEY {options.TlsKey} can't be used: {cause.Message}", cause);
        }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception cause) when (IsUnsound(cause))
            {
                if (_complaint != cause.Message) NotTaken(cause.Message);
                _complaint = cause.Message;
            }
            certificates.Remind();
        }
    }

    async Task LookAsync(CancellationToken ct)
    {
        var read = (await File.ReadAllTextAsync(options.TlsCertificate!, ct), await File.ReadAllTextAsync(options.TlsKey!, ct));
        if (read != _seen) certificates.Show(ServerCertificate.Of(read.Item1, read.Item2));
        (_seen, _complaint) = (read, null);
    }

    static bool IsUnsound(Exception cause) => cause is CryptographicException or IOException or UnauthorizedAccessException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changed certificate or key can't be used, the one before stays: {Reason}")]
    partial void NotTaken(string reason);
}

/// <summary>The certificate that was named can't be used. The message is one line for the person who started the program.</summary>
internal sealed class CertificateRefusedException(string message, Exception inner) : Exception(message, inner);
