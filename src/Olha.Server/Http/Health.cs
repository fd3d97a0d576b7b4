namespace Olha.Server.Http;

/// <summary>What watches over the program asks here whether it is alive.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app) =>
        app.MapGet("/health", () => TypedResults.Text("alive\n")).ExcludeFromDescription();
}
