using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Olha.Protocol;

namespace Olha.Server.Tests.Watch;

/// <summary>Metrics and traces reach an OpenTelemetry collector, and nothing goes with them that is nobody's business.</summary>
public sealed class CollectorTests
{
    [Fact]
    public async Task A_collector_gets_metrics_and_traces_when_it_is_named()
    {
        await using var collector = await Collector.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var program = RunningProgram.Start(database.Folder, new Dictionary<string, string>
        {
            ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DATABASE_URL"] = database.Apply(new()).DatabaseUrl ?? "", ["DRAIN_SECONDS"] = "5",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(), ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=let me in",
            ["OTEL_SERVICE_NAME"] = "our chat",
        });
        using var client = new Client(await program.Address);
        var somebody = await client.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(ChatServer.NewName(), Guest.Password, Bearer: true));
        using var ana = new Guest(client.Address, somebody.Me, somebody.Token!);
        await using (var ear = await ana.ListenAsync())
        {
            await ear.SendAsync(new Post(1, "c1", "between you and me"));
            await ear.NextAsync<Ack>();
        }
        using (await client.SendAsync(HttpMethod.Get, "/api/v1/about?secret=hush-hush")) { }

        program.Terminate(); // what was measured last is sent before the end
        Assert.Equal(0, (await program.EndedAsync()).Code);

        var (metrics, traces) = (collector.All("/v1/metrics"), collector.All("/v1/traces"));
        Assert.All((string[])["our chat", "olha.messages", "olha.db.commit.duration", "http.server.request.duration"], it => Assert.Contains(it, metrics));
        Assert.All((string[])["our chat", "post", "hello", "/api/v1/about"], it => Assert.Contains(it, traces));
        Assert.All((string[])["between you and me", "hush-hush", Guest.Password, ana.Token!], it => Assert.DoesNotContain(it, metrics + traces));
        Assert.Equal(["let me in"], collector.Keys.Distinct());
    }

    /// <summary>Takes what is sent, and says that it did.</summary>
    sealed class Collector : IAsyncDisposable
    {
        readonly WebApplication _app;
        readonly ConcurrentQueue<(string Path, string Text)> _got = new();

        Collector(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.Single());

        public ConcurrentQueue<string> Keys { get; } = new();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(static it => it.Listen(IPAddress.Loopback, 0));
            var collector = new Collector(builder.Build());
            collector._app.Run(collector.TakeAsync);
            await collector._app.StartAsync(TestContext.Current.CancellationToken);
            return collector;
        }

        /// <summary>All that came to one path: Protobuf, in which names and texts stand as they are.</summary>
        public string All(string path) => string.Concat(_got.Where(it => it.Path == path).Select(static it => it.Text));

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _got.Enqueue((context.Request.Path.Value!, Encoding.UTF8.GetString(body.ToArray())));
            Keys.Enqueue(context.Request.Headers["x-key"].ToString());
            context.Response.ContentType = "application/x-protobuf";
        }
    }
}
