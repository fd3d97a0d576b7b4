using Microsoft.Extensions.Logging.Console;

namespace Olha.Server.Configuration;

/// <summary>Where log events go: lines for people or JSON for machines. Any other .NET provider can be added beside.</summary>
internal static class Logs
{
    public static ILoggerFactory Open(ServerOptions options) => LoggerFactory.Create(logging => logging.AddLogs(options));

    static ILoggingBuilder AddLogs(this ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);
        if (options.LogLevel is LogLevel.Information) logging.AddFilter("Microsoft", LogLevel.Warning);
        // Http/RequestLog tells the same without query strings.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", AtLeast(LogLevel.Warning));
        // What could not start says so in one line (Launch). A background service that fails is critical.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", AtLeast(LogLevel.Critical));
        return options.LogFormat is LogFormat.Json
            ? logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            })
            : logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
                console.ColorBehavior = LoggerColorBehavior.Default;
            });

        LogLevel AtLeast(LogLevel level) => options.LogLevel > level ? options.LogLevel : level;
    }
}
