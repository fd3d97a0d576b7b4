using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>Refusals as they leave over HTTP.</summary>
internal static class Refusals
{
    public static ProblemResult ToProblem(this Refusal refusal) => new(refusal);
}

/// <summary>A refusal as <c>application/problem+json</c> (RFC 9457), with <c>Retry-After</c> in whole seconds where it is known.</summary>
internal sealed class ProblemResult(Refusal refusal) : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    public int? StatusCode => refusal.Status;
    public string ContentType => "application/problem+json";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetRequiredService<RefusalCounts>().Add(Door.Http, refusal);
        var response = httpContext.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = ContentType;
        if (refusal.RetryAfter is { } after)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(httpContext.Request.Method)) return Task.CompletedTask;

        var problem = new Problem(
            "about:blank", ReasonPhrases.GetReasonPhrase(refusal.Status), refusal.Status, refusal.Detail, refusal.Code, refusal.Params,
            refusal.Retry, (long?)refusal.RetryAfter?.TotalMilliseconds);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(problem, ProtocolJson.Wire.Problem);
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}
