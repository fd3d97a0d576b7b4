using Olha.Fanout;
using Olha.Storage;

namespace Olha.Server.Live;

/// <summary>The way of a committed change to those who listen.</summary>
internal static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services) => services
        .AddSingleton<Hub>()
        .AddSingleton<IBackplane, LocalBackplane>()
        .AddSingleton<MissedChanges>()
        .AddSingleton<Delivery>()
        .AddSingleton<Hearsay>()
        .AddSingleton<SharedLimits>().AddHostedService(it => it.GetRequiredService<SharedLimits>())
        .AddSingleton<HeadsWatch>().AddHostedService(it => it.GetRequiredService<HeadsWatch>())
        .AddSingleton<Announcer>().AddHostedService(it => it.GetRequiredService<Announcer>());

    /// <summary>Signals begin to arrive. Before the first request.</summary>
    public static void StartLive(this IServiceProvider services)
    {
        var (delivery, limits) = (services.GetRequiredService<Delivery>(), services.GetRequiredService<SharedLimits>());
        var hearsay = services.GetRequiredService<Hearsay>();
        services.GetRequiredService<IBackplane>().Start(delivery.IsServed, signal =>
        {
            if (signal is Signal.Spent spent) limits.Hear(spent);
            else if (signal is Signal.Told told) hearsay.Hear(told);
            else delivery.Take(signal);
        });
        services.GetRequiredService<Database>().Announced += services.GetRequiredService<Announcer>().Wake;
    }
}
