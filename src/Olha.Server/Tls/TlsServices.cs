using Olha.Server.Configuration;
using Olha.Server.Http;

namespace Olha.Server.Tls;

/// <summary>TLS without a proxy: own certificate files, or certificates by ACME.</summary>
internal static class TlsServices
{
    public static IServiceCollection AddTls(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<Certificates>().AddSingleton<TlsDoor>().AddSingleton<Challenges>().AddSingleton<CertificateStore>();
        if (!options.SpeaksTls) return services;
        services.AddSingleton<WhyNotReady>(static it => it.GetRequiredService<Certificates>().WhyNotReady);
        return options.UsesAcme
            ? services.AddSingleton<CertificateOrder>().AddSingleton<Renewal>().AddHostedService(static it => it.GetRequiredService<Renewal>())
            : services.AddHostedService<CertificateFiles>();
    }
}
