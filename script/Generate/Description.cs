using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olha.Server;
using Olha.Server.Configuration;

namespace Olha.Generate;

/// <summary>docs/openapi.json: what a program with its default settings answers at <c>/api/openapi.json</c>, a line a value.</summary>
public static class Description
{
    static readonly JsonSerializerOptions s_lines = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Render() => Task.Run(RenderAsync).GetAwaiter().GetResult();

    static async Task<string> RenderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("olha-generate-");
        try
        {
            var options = new ServerOptions
            {
                Port = 0, Bind = [IPAddress.Loopback], DbName = Path.Combine(folder.FullName, "olha.db"), LogLevel = LogLevel.Error,
            };
            await using var app = await ChatHost.BuildAsync(options);
            await app.StartAsync();
            using var http = new HttpClient();
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var document = JsonNode.Parse(await http.GetStringAsync($"{address}/api/openapi.json"))!;
            await app.StopAsync();
            return document.ToJsonString(s_lines) + "\n";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
