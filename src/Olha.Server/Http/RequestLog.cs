using System.Diagnostics;

namespace Olha.Server.Http;

/// <summary>One event a request to the interface: what, outcome, duration. Never a query string, a header or a body.</summary>
internal static partial class RequestLog
{
    public static void UseRequestLog(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Olha.Server.Http");
        if (!logger.IsEnabled(LogLevel.Information)) return;

        app.Use(async (context, next) =>
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                // The web app's files are many and dull, and so is the proxy that asks every second, until the answer is no.
                var isDull = context.GetEndpoint() is null || (Watchers.IsFor(context.Request.Path) && context.Response.StatusCode < 400);
                var level = isDull ? LogLevel.Debug : LogLevel.Information;
                var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                Answered(logger, level, context.Request.Method, context.Request.Path.Value!, context.Response.StatusCode, milliseconds);
            }
        });
    }

    [LoggerMessage(EventId = 1, EventName = "RequestAnswered", Message = "{Method} {Path} answered {Status} in {Milliseconds:0.0} ms")]
    static partial void Answered(ILogger logger, LogLevel level, string method, string path, int status, double milliseconds);
}
