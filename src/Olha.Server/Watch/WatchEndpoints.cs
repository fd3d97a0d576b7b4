using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Backups;
using Olha.Server.Configuration;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Watch;

/// <summary>How the program is seen from outside: <c>/metrics</c> for Prometheus, the last minutes for administrators, and what may be
/// wrong with it.</summary>
internal static class WatchEndpoints
{
    // The framework says what a request was only when asked to (from .NET 11 on always).
    const string NoRequestTags = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        AppContext.SetSwitch(NoRequestTags, isEnabled: false);
        return services.AddSingleton<Telemetry>().AddHostedService(it => it.GetRequiredService<Telemetry>());
    }

    public static IServiceCollection AddWatch(this IServiceCollection services) => services
        .AddSingleton<Commits>()
        .AddSingleton<Instruments>()
        .AddSingleton<Scraping>()
        .AddSingleton<Recorder>().AddHostedService(it => it.GetRequiredService<Recorder>());

    /// <summary>Counting begins. Before the first request.</summary>
    public static void StartWatch(this IServiceProvider services)
    {
        services.GetRequiredService<Instruments>();
        var (conditions, options) = (services.GetRequiredService<Conditions>(), services.GetRequiredService<ServerOptions>());
        conditions.Add("writes_failing", services.GetRequiredService<Commits>().WhyNotWriting);
        conditions.Add("disk_low", () => Disk.WhyNotEnough(options));
        var backplane = services.GetRequiredService<BackplaneWatch>();
        if (backplane.Kind is not BackplaneKind.None)
            conditions.Add(backplane.Kind is BackplaneKind.Redis ? "redis_away" : "nodes_unheard", backplane.WhyNotHearing);
        conditions.Add("backup_failing", services.GetRequiredService<ScheduledBackups>().WhyFailing);
    }

    public static void MapMetrics(this IEndpointRouteBuilder app) => app.MapGet("/metrics", Metrics).ExcludeFromDescription();

    public static void MapLately(this IEndpointRouteBuilder api) => api
        .MapGet("/admin/lately", Recent).RequireSession().WithTags("Admin")
        .WithSummary("What this node did and held in the last ten minutes, or after a moment");

    static async Task<IResult> Metrics(HttpContext context, Watchers watchers, ServerOptions options, Scraping scraping, CancellationToken ct)
    {
        if (watchers.MayScrape(context)) return TypedResults.Text(await scraping.ReadAsync(ct), PrometheusText.ContentType);
        if (options.MetricsToken is null) return Refusal.NotFound.ToProblem();
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusal.NoSession.ToProblem();
    }

    static async Task<Results<Ok<Lately>, ProblemResult>> Recent(
        Caller caller, Database db, PeopleDirectory people, Recorder recorder, Conditions conditions, CancellationToken ct,
        DateTimeOffset? after = null) =>
        await db.ReadAsync(async session => Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)), ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(new Lately(
                recorder.StartedAt, (int)Recorder.Interval.TotalMilliseconds, recorder.After(after ?? DateTimeOffset.MinValue), conditions.Now()));
}
