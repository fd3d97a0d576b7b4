using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Olha.Protocol;
using Olha.Storage;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Olha.Server.Http;

/// <summary>Stands before every endpoint of the program's door: who may speak to it from where, and what an answer looks like when
/// something is wrong. Every error leaves as a problem with a stable code, and none with what went on inside.</summary>
internal static partial class RequestGuard
{
    // A line ends with both: where one server takes a line feed alone and the next does not, they see different requests.
    const string NoLoneLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";
    static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddRequestGuard(this IServiceCollection services)
    {
        AppContext.SetSwitch(NoLoneLineFeeds, isEnabled: true); // the framework has no other way to say it
        return services
            .AddSingleton<OriginCheck>()
            .AddSingleton<RefusalCounts>()
            .AddSingleton<Conditions>()
            .AddSingleton<SelfCheck>()
            .AddSingleton<Watchers>()
            .Configure<KestrelServerOptions>(kestrel => Bound(kestrel.Limits))
            // What minimal APIs would answer with an empty body is thrown instead, and becomes a problem here.
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .ConfigureHttpJsonOptions(json => ProtocolJson.Configure(json.SerializerOptions));
    }

    public static IApplicationBuilder UseRequestGuard(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (WhyNot(context) is { } refusal)
        {
            await refusal.ToProblem().ExecuteAsync(context);
            return;
        }
        try
        {
            await next(context);
            if (IsBare(context.Response)) await Reason(context.Response.StatusCode).ToProblem().ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // They went away: nobody hears an answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Reason(exception, context).ToProblem().ExecuteAsync(context);
        }
    });

    // Who says nothing, or says it byte by byte, holds a connection for half a minute at most. The framework's own limits hold besides:
    // 32 KiB of headers, 100 of them, 8 KiB of a first line.
    static void Bound(KestrelServerLimits limits)
    {
        RequestBodies.LeaveTo(limits);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.MinRequestBodyDataRate = new(bytesPerSecond: RequestBodies.MostBytes / 30.0, gracePeriod: TimeSpan.FromSeconds(15));
    }

    static Refusal? WhyNot(HttpContext context)
    {
        var request = context.Request;
        if (!request.Path.StartsWithSegments("/api") || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return null;
        return context.RequestServices.GetRequiredService<OriginCheck>().WhyNotFrom(request)
            ?? ((HasBody(context) || request.HasFormContentType) && !IsAccepted(context) ? Refusal.NotJson : null);
    }

    static bool HasBody(HttpContext context) =>
        context.Request.ContentLength is not 0
        && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false;

    // JSON in UTF-8, unless the endpoint says that it takes something else.
    static bool IsAccepted(HttpContext context)
    {
        var request = context.Request;
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts
            && !accepts.ContentTypes.Contains("application/json")) return true;
        if (!request.HasJsonContentType()) return false;
        var charset = request.GetTypedHeaders().ContentType!.Charset;
        if (!charset.HasValue) return true;
        if (!charset.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return false;
        // A value may stand in quotes (RFC 9110, 5.6.6), but the framework knows no encoding of a name with quotes in it.
        request.ContentType = "application/json";
        return true;
    }

    // Routing and the binding of parameters answer some errors with a status alone.
    static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null };

    static Refusal Reason(int status) => status switch
    {
        StatusCodes.Status404NotFound => Refusal.NotFound,
        StatusCodes.Status405MethodNotAllowed => Refusal.WrongMethod,
        StatusCodes.Status413PayloadTooLarge => Refusal.TooBig.With("limit", RequestBodies.MostBytes),
        StatusCodes.Status415UnsupportedMediaType => Refusal.NotJson,
        < 500 => Refusal.InvalidField,
        _ => Refusal.Broken,
    };

    static Refusal Reason(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case BadHttpRequestException bad:
                return IsMalformed(bad) ? Refusal.InvalidJson : Reason(bad.StatusCode);
            case DatabaseUnavailableException:
                DatabaseUnavailable(Log(context), exception.Message);
                return Refusal.Unavailable with { RetryAfter = s_retryAfter };
            default:
                Broke(Log(context), exception);
                return Refusal.Broken;
        }
    }

    // The reader's own exception inside says that it is no JSON at all; without one the JSON has the wrong shape.
    static bool IsMalformed(BadHttpRequestException bad) =>
        bad.InnerException is JsonException json && (json.InnerException is JsonException || json.InnerException is DecoderFallbackException);

    static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Olha.Http");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is unavailable: {Reason}")]
    static partial void DatabaseUnavailable(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request broke")]
    static partial void Broke(ILogger log, Exception exception);
}
