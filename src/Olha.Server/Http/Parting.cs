namespace Olha.Server.Http;

/// <summary>A stopping server answers what it is asked, and that nothing more is to be asked over the same connection: what stands before it
/// opens the next one to another node.</summary>
internal static class Parting
{
    public static void UseParting(this IApplicationBuilder app)
    {
        var stopping = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.Use((context, next) =>
        {
            if (stopping.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol) && context.Request.Headers.Upgrade.Count == 0)
                context.Response.Headers.Connection = "close";
            return next(context);
        });
    }
}
