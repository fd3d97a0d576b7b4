using System.Net.Security;

namespace Olha.Server.Tls;

/// <summary>The certificate that is shown to clients, replaced while the server runs: who is connected stays so.</summary>
internal sealed partial class Certificates(TimeProvider clock, ILogger<Certificates> log)
{
    static readonly TimeSpan s_remind = TimeSpan.FromDays(1);

    volatile ServerCertificate? _shown;
    DateTimeOffset _reminded;

    /// <summary>Null: there is none yet, and nobody is answered over TLS.</summary>
    public ServerCertificate? Shown => _shown;

    /// <summary>What a handshake needs; null: there is no certificate yet.</summary>
    public SslServerAuthenticationOptions? Handshake => _shown?.Handshake;

    /// <summary>Why there is none, where somebody knows.</summary>
    public string? Reason { get; set; }

    public string? WhyNotReady() =>
        _shown is not null ? null : Reason is { } reason ? $"no certificate yet: {reason}" : "no certificate yet";

    public void Show(ServerCertificate certificate)
    {
        _shown = certificate;
        Reason = null;
        _reminded = default;
        Showing(certificate.Name, certificate.NotAfter);
    }

    /// <summary>Once a day: that it has expired, or will soon.</summary>
    public void Remind()
    {
        if (_shown is not { } shown || clock.GetUtcNow() is var now && now - _reminded < s_remind) return;
        if (now >= shown.NotAfter) Expired(shown.NotAfter);
        else if (now >= shown.NotAfter - (shown.NotAfter - shown.NotBefore) / 10) Expires(shown.NotAfter);
        else return;
        _reminded = now;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate for {Name} is shown, which is valid until {Until:u}")]
    partial void Showing(string name, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate has expired at {At:u}: browsers refuse it")]
    partial void Expired(DateTimeOffset at);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate expires at {At:u}, and no newer one is there")]
    partial void Expires(DateTimeOffset at);
}
