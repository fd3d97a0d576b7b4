using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Olha.Protocol;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Olha.Server.Http;

/// <summary>No body is longer than 64 KiB, whether it says so before or not.</summary>
/// <remarks>
/// The framework's own limit hangs up on who is still sending: they, or the proxy before us, see a broken connection and never the answer.
/// Here they are answered, and what they go on sending is thrown away for some seconds.
/// </remarks>
internal static class RequestBodies
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MostBytes = 64 * 1024;

    static readonly Refusal s_tooBig = Refusal.TooBig.With("limit", MostBytes);

    /// <summary>Takes the framework's limit away; <see cref="UseBoundedBodies"/> stands in its place.</summary>
    public static void LeaveTo(KestrelServerLimits limits) => limits.MaxRequestBodySize = null;

    public static void UseBoundedBodies(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var request = context.Request;
        if (request.ContentLength > MostBytes) return s_tooBig.ToProblem().ExecuteAsync(context);
        if (request.ContentLength is null && IsBody(context)) request.Body = new Bounded(request.Body);
        return next(context);
    });

    // A CONNECT carries a socket.
    static bool IsBody(HttpContext context) =>
        !HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>A body of which nobody knows how long it will be.</summary>
    sealed class Bounded(Stream body) : Stream
    {
        int _left = MostBytes;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Count(body.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await body.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        int Count(int read) => (_left -= read) >= 0 ? read : throw new BadHttpRequestException("The body is too long.", StatusCodes.Status413PayloadTooLarge);
    }
}
