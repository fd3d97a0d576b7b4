using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>The interface's description, made from the endpoints themselves: <c>/api/openapi.json</c>.</summary>
internal static class OpenApi
{
    const string Name = "v1";

    public static IServiceCollection AddDescription(this IServiceCollection services) => services
        .PostConfigure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Add(ParameterTypes.Default))
        .AddOpenApi(Name, static options =>
        {
            options.AddDocumentTransformer(Introduce);
            options.AddOperationTransformer(Complete);
            options.AddSchemaTransformer(WireForm.Apply);
            options.AddSchemaTransformer(Examples.Apply);
            options.AddDocumentTransformer(WireForm.Apply);
        });

    public static void MapDescription(this IEndpointRouteBuilder app)
    {
        // It follows from the code alone, so one making serves the program's life.
        var provider = app.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        var document = new Lazy<Task<byte[]>>(() => WriteAsync(provider));
        app.MapGet("/api/openapi.json", async () => TypedResults.Bytes(await document.Value, "application/json")).ExcludeFromDescription();
    }

    static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider)
    {
        using var bytes = new MemoryStream();
        var document = await provider.GetOpenApiDocumentAsync();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1);
        return bytes.ToArray();
    }

    static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new()
        {
            Title = "Olha Mensagem", Version = CommandLine.ProgramVersion, License = new() { Name = "MIT" },
            Description = """
                Everything that the web app does. Sign in for a session: a cookie, or with `bearer: true` a token for `Authorization: Bearer`.
                Live, the same is spoken over one socket, `/api/v1/socket`. Whatever is refused answers `application/problem+json` with a
                stable `code`. Fields without a value are absent, never null.
                """,
        };
        document.Tags = null; // those of the operations, which Complete renamed
        document.AddComponent<IOpenApiSecurityScheme>("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.AddComponent<IOpenApiSecurityScheme>("cookie", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = CookieName.Of(context.ApplicationServices.GetRequiredService<ServerOptions>()),
        });
        return Task.CompletedTask;
    }

    // A person's name for its group, what a refusal looks like, and how to have a session where one is asked for.
    static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        operation.Tags = operation.Tags!.Select(tag => new OpenApiTagReference(tag.Name!.Replace("Endpoints", "", StringComparison.Ordinal))).ToHashSet();
        operation.Responses ??= [];
        if (operation.Responses.TryGetValue("401", out var noSession))
        {
            noSession.Description = "No session";
            operation.Security = [Scheme("bearer", context), Scheme("cookie", context)];
        }

        var (method, path) = (context.Description.HttpMethod, context.Description.RelativePath!);
        if (operation.RequestBody is not null)
        {
            Refuses(operation, "400", "Unsound: no JSON, a field of a wrong type, or a value that cannot be", context);
            Refuses(operation, "413", "More than 64 KiB", context);
            Refuses(operation, "415", "No JSON in UTF-8", context);
        }
        if (method is not "GET") Refuses(operation, "403", "Not allowed, or sent by a page of another origin", context);
        if (path.Contains('{')) Refuses(operation, "404", "There is no such thing, or you may not know of it", context);
        Refuses(operation, "default", "Any other refusal", context);
        return Task.CompletedTask;
    }

    static void Refuses(OpenApiOperation operation, string status, string description, OpenApiOperationTransformerContext context) =>
        operation.Responses!.TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
            },
        });

    static OpenApiSecurityRequirement Scheme(string name, OpenApiOperationTransformerContext context) =>
        new() { [new OpenApiSecuritySchemeReference(name, context.Document)] = [] };
}

/// <summary>What stands in paths and queries, and in no body: the description needs their JSON form too.</summary>
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
sealed partial class ParameterTypes : JsonSerializerContext;
