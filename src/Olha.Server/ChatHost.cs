using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Http;
using Olha.Server.Live;

namespace Olha.Server;

/// <summary>The whole program as a table of contents: what it is made of, and which door leads where.</summary>
internal static class ChatHost
{
    public static WebApplication Build(ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ProtocolJson.Wire));
        builder.Services.AddSingleton(options).AddSingleton(TimeProvider.System).AddSingleton<Announcer>();

        var app = builder.Build();
        app.UseSecurityHeaders(options);
        WebApp.Use(app, typeof(ChatHost).Assembly);
        return app;
    }
}
