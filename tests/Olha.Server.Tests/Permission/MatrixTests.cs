using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Olha.Protocol;

namespace Olha.Server.Tests.Permission;

/// <summary>
/// The authorisation matrix: every route and every frame, tried by everybody, against <c>matrix.txt</c>, which a person has read. The rows
/// come from the program's own tables: a route or a frame that is not in the file, or that this test does not know how to try, fails.
/// </summary>
/// <remarks><c>OLHA_WRITE_MATRIX=path</c> writes what the program does there, to be read and committed.</remarks>
[Trait(ChatServer.Inside, "reads the table of routes")]
public sealed partial class MatrixTests(ChatServer server) : IClassFixture<ChatServer>
{
    const int NameWidth = 74;
    static readonly Persona[] s_personas = Enum.GetValues<Persona>();
    static readonly RoomKind[] s_kinds = [RoomKind.Open, RoomKind.Closed];

    [Fact]
    public async Task Everybody_may_do_what_the_matrix_says()
    {
        using var owner = await server.SignUpAsync("owner");
        var rows = new List<string> { Row("", s_personas.Select(persona => persona.ToString())) };
        foreach (var (method, route) in Routes())
            foreach (var kind in InRoom(route) ? s_kinds : [RoomKind.Closed])
                rows.Add(await RowAsync($"{method} {route}{(InRoom(route) ? Word(kind) : "")}", owner, kind, scene => TryAsync(scene, method, route)));
        foreach (var type in Frames())
            foreach (var kind in s_kinds)
                rows.Add(await RowAsync($"frame {type}{Word(kind)}", owner, kind, scene => Tries.FrameAsync(scene, type)));

        if (Environment.GetEnvironmentVariable("OLHA_WRITE_MATRIX") is { Length: > 0 } path)
        {
            await File.WriteAllTextAsync(path, string.Join('\n', rows) + "\n", TestContext.Current.CancellationToken);
            return;
        }
        var file = Path.Combine(AppContext.BaseDirectory, "Permission", "matrix.txt");
        Assert.Equal((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).TrimEnd('\n').Split('\n'), rows);
    }

    /// <summary>Method and pattern of each route that answers to a program or a page, as they are mapped.</summary>
    IEnumerable<(string Method, string Route)> Routes() =>
        from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = Constraint().Replace("/" + endpoint.RoutePattern.RawText!.Trim('/'), "}")
        where !pattern.StartsWith("/api/docs", StringComparison.Ordinal) // a page like any other: it says what openapi.json says
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        orderby pattern, method
        select (method, pattern == "/api/ws/{userId}" ? "/api/ws/{ownId}" : pattern);

    static IEnumerable<string> Frames() =>
        typeof(ClientFrame).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>()
            .Select(attribute => (string)attribute.TypeDiscriminator!).Order();

    async Task<string> RowAsync(string name, Guest owner, RoomKind kind, Func<Scene, Task<string>> tryIt)
    {
        // Each has a scene of its own. Not all at once: a busy machine's server would turn some of them away.
        var cells = new List<string>();
        foreach (var some in s_personas.Chunk(4)) cells.AddRange(await Task.WhenAll(some.Select(CellAsync)));
        return Row(name, cells);

        async Task<string> CellAsync(Persona persona)
        {
            using var scene = await Scene.SetAsync(server, owner, kind, persona);
            return await tryIt(scene);
        }
    }

    static async Task<string> TryAsync(Scene scene, string method, string route)
    {
        var (path, body) = await Tries.OfAsync(scene, method, route);
        using var response = await scene.Who.SendAsync(new HttpMethod(method), path, body, Tries.HeadersOf(route));
        return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.SwitchingProtocols ? "ok" : (await response.ProblemAsync()).Code;
    }

    static bool InRoom(string route) => route.Contains("{roomId}", StringComparison.Ordinal);

    static string Word(RoomKind kind) => $" ({kind.ToString().ToLowerInvariant()})";

    static string Row(string name, IEnumerable<string> cells)
    {
        var row = new StringBuilder(name.PadRight(NameWidth));
        foreach (var cell in cells) row.Append(' ').Append(cell.PadRight(13));
        return row.ToString().TrimEnd();
    }

    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
