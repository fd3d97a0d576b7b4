using System.Buffers;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Olha.Server.Tls;

/// <summary>Looks at the first bytes of a connection and leads it on: a browser to TLS, an authority to the answer of its challenge, and who
/// speaks in the clear past TLS, to be sent to the https address.</summary>
internal sealed class TlsDoor(Certificates certificates, Challenges challenges)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10); // the framework's own, for a handshake

    /// <summary>Makes a port speak TLS.</summary>
    public static void Open(ListenOptions listen)
    {
        var door = listen.ApplicationServices.GetRequiredService<TlsDoor>();
        ConnectionDelegate? http = null;
        // The framework builds from the last to the first: http is known when the first is built.
        listen.Use(tls => connection => door.EnterAsync(connection, tls, http!));
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = door.HandshakeOf, HandshakeTimeout = s_patience });
        listen.Use(next =>
        {
            http = next;
            return connection => IsChallenge(connection) ? Task.CompletedTask : next(connection);
        });
    }

    async Task EnterAsync(ConnectionContext connection, ConnectionDelegate tls, ConnectionDelegate http)
    {
        if (await FirstBytesAsync(connection) is not { } first) return;
        if (!first.IsTls)
        {
            await http(connection);
            return;
        }
        if (first.Hello.IsChallenge && await challenges.HandshakeAsync(first.Hello.ServerName, connection.ConnectionClosed) is { } answer)
            connection.Features.Set(new Challenge(answer));
        else if (certificates.Handshake is null) return; // a page of ours with somebody's certificate is worse than none
        await tls(connection);
    }

    ValueTask<SslServerAuthenticationOptions> HandshakeOf(TlsHandshakeCallbackContext context) =>
        new(context.Connection.Features.Get<Challenge>()?.Handshake ?? certificates.Handshake!);

    static bool IsChallenge(ConnectionContext connection) => connection.Features.Get<Challenge>() is not null;

    // Nothing is taken from what was read. Null: nobody said anything, or has gone.
    async Task<First?> FirstBytesAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, stopping);
        patience.CancelAfter(s_patience);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(patience.Token);
                var first = Look(result.Buffer);
                // Behind what was looked at, the next read waits for more.
                input.AdvanceTo(result.Buffer.Start, first is null ? result.Buffer.End : result.Buffer.Start);
                if (first is not null) return first;
                if (result.IsCompleted) return null;
            }
        }
        catch (Exception cause) when (cause is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    // Null: more must come first.
    First? Look(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty) return null;
        if (!ClientHello.IsTls(bytes.FirstSpan[0])) return new First(false, default);
        if (!challenges.Possible) return new First(true, default);
        if (bytes.Length < ClientHello.HeaderBytes) return null;
        Span<byte> header = stackalloc byte[ClientHello.HeaderBytes];
        bytes.Slice(0, header.Length).CopyTo(header);
        var content = bytes.Slice(header.Length);
        var length = ClientHello.LengthOf(header);
        if (content.Length < length) return null;
        content = content.Slice(0, length);
        return new First(true, ClientHello.Read(content.IsSingleSegment ? content.FirstSpan : content.ToArray()));
    }

    readonly record struct First(bool IsTls, ClientHello Hello);

    sealed record Challenge(SslServerAuthenticationOptions Handshake);
}
