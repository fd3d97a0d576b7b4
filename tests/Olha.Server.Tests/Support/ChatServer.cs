using Microsoft.Extensions.DependencyInjection;
using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Tests;

/// <summary>The whole server on a port of its own, with an empty database of its own and no limits. One a test class.</summary>
/// <remarks>
/// It is the program of this build, in this process. <c>OLHA_TEST_BINARY</c> names a published program to start instead: tests that
/// reach inside carry the trait <see cref="Inside"/> and are left out then. <c>OLHA_TEST_DATABASE=postgres</c> gives each server a fresh
/// database on the PostgreSQL that <c>OLHA_TEST_POSTGRES</c> (<c>postgres://user:password@host:port</c>) names.
/// </remarks>
public sealed class ChatServer : IAsyncLifetime
{
    /// <summary>Trait of tests that cannot run against a published program.</summary>
    public const string Inside = "Inside";

    static int s_names;
    readonly Func<ServerOptions, ServerOptions> _with;
    readonly TimeProvider? _clock;
    readonly bool _tls;
    readonly Lock _gate = new();
    Task<Guest>? _somebody;
    RunningServer? _running;

    public ChatServer() : this(static options => options) { }

    internal ChatServer(Func<ServerOptions, ServerOptions> with, TimeProvider? clock = null, bool tls = false) =>
        (_with, _clock, _tls) = (with, clock, tls);

    /// <summary>Where it listens: <c>http://127.0.0.1:port</c>.</summary>
    public Uri Address => Running.Address;

    /// <summary>Where it listens for TLS, when that was asked for: <c>https://127.0.0.1:port</c>.</summary>
    internal Uri SecureAddress => Running.SecureAddress;

    RunningServer Running => _running ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>A server with other settings than the default ones, running.</summary>
    internal static async Task<ChatServer> StartAsync(Func<ServerOptions, ServerOptions> with, TimeProvider? clock = null)
    {
        var server = new ChatServer(with, clock);
        await server.InitializeAsync();
        return server;
    }

    public async ValueTask InitializeAsync() => _running = await RunningServer.StartAsync(_with, _clock, _tls);

    public async ValueTask DisposeAsync()
    {
        if (_somebody is { IsCompletedSuccessfully: true } somebody) (await somebody).Dispose();
        if (_running is not null) await _running.DisposeAsync();
    }

    /// <summary>A part of the running program.</summary>
    internal T Get<T>() where T : notnull => Running.Services.GetRequiredService<T>();

    /// <summary>Somebody without an account or a cookie.</summary>
    public Client Stranger() => new(Address);

    /// <summary>A name that nobody has.</summary>
    public static string NewName(string like = "ana") => $"{like}.{Interlocked.Increment(ref s_names)}";

    /// <summary>Somebody new with an account, signed in with a bearer token.</summary>
    public async Task<Guest> SignUpAsync(string like = "ana")
    {
        using var stranger = Stranger();
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(NewName(like), Guest.Password, Bearer: true));
        return new Guest(Address, answer.Me, answer.Token!);
    }

    /// <summary>One person that all tests of a class share who need somebody and change nothing about them: a password takes a
    /// while to hash when the published program does it.</summary>
    public Task<Guest> SomebodyAsync()
    {
        lock (_gate) return _somebody ??= SignUpAsync("somebody");
    }

    /// <summary>A room with these people in it, the first of whom made it.</summary>
    public async Task<(Place Room, Guest[] People)> RoomWithAsync(RoomKind kind, params string[] names)
    {
        var people = new Guest[names.Length];
        for (var i = 0; i < names.Length; i++) people[i] = await SignUpAsync(names[i]);
        var room = await people[0].CreateRoomAsync(kind);
        foreach (var other in people[1..]) await people[0].PutAsync<Member>($"/api/v1/rooms/{room.RoomId}/members/{other.Id}", null);
        return (room, people);
    }
}
