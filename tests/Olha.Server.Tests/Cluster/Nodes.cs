using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Testing;

namespace Olha.Server.Tests.Cluster;

/// <summary>Nodes of one program, in this process, on a PostgreSQL database and a Redis of their own.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly List<WebApplication> _nodes = [];
    readonly TestDatabase _database;
    int _names;

    readonly Func<ServerOptions, ServerOptions> _with;

    Nodes(TestDatabase database, RedisServer redis, Func<ServerOptions, ServerOptions>? with) =>
        (_database, Redis, Cable, _with) = (database, redis, new Cable(redis.Url), with ?? (static it => it));

    public RedisServer Redis { get; }

    /// <summary>Reaches <see cref="Redis"/> too.</summary>
    public Cable Cable { get; }

    public static async Task<Nodes> StartAsync(int count = 2, bool cabled = false, Func<ServerOptions, ServerOptions>? with = null)
    {
        var nodes = new Nodes(await TestDatabase.OnPostgresAsync(), await RedisServer.StartNewAsync(), with);
        try
        {
            for (var i = 0; i < count; i++) await nodes.AddAsync(cabled);
            await nodes.HearAsync();
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
        return nodes;
    }

    /// <summary>One node more.</summary>
    /// <param name="cabled">It reaches Redis through <see cref="Cable"/>.</param>
    /// <param name="alone">It knows of no Redis.</param>
    public async Task AddAsync(bool cabled = false, bool alone = false)
    {
        var options = _database.Apply(new ServerOptions
        {
            Port = 0, Bind = [IPAddress.Loopback], PasswordCost = 4, LogLevel = LogLevel.Error, DrainSeconds = 1, RedisUrl = alone ? null : cabled ? Cable.Url : Redis.Url,
            MessagesPerSecond = 0, MessageBurst = 0, LoginsPerMinute = 0, RegistrationsPerHour = 0,
        });
        var node = await ChatHost.BuildAsync(_with(options), null, TestContext.Current.CancellationToken);
        await node.StartAsync(TestContext.Current.CancellationToken);
        _nodes.Add(node);
    }

    /// <summary>One node more that is a process of its own, and ends with it.</summary>
    public RunningProgram StartProgram()
    {
        var options = _with(_database.Apply(new ServerOptions { RedisUrl = Redis.Url }));
        var variables = new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DATABASE_URL"] = options.DatabaseUrl! };
        if (options.RedisUrl is { } redis) variables["REDIS_URL"] = redis;
        return RunningProgram.Start(_database.Folder, variables);
    }

    /// <summary>Kills Redis and waits until nobody hears anybody.</summary>
    public async Task PartAsync()
    {
        await Redis.KillAsync();
        await HearAsync(live: false);
    }

    /// <summary>Where a node listens.</summary>
    public Uri Address(int node) =>
        new(_nodes[node].Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>A part of a node.</summary>
    public T Get<T>(int node) where T : notnull => _nodes[node].Services.GetRequiredService<T>();

    /// <summary>Waits until every node hears the others, or none does.</summary>
    public async Task HearAsync(bool live = true)
    {
        using var patience = new CancellationTokenSource(s_patience);
        foreach (var node in _nodes)
        {
            var backplane = node.Services.GetRequiredService<IBackplane>();
            while (backplane.Hearing is Hearing.Live != live) await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Somebody new, who talks to the first node.</summary>
    public async Task<Guest> SignUpAsync(string like = "ana")
    {
        using var stranger = new Client(Address(0));
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody($"{like}.{++_names}", Guest.Password, Bearer: true));
        return new Guest(Address(0), answer.Me, answer.Token!);
    }

    /// <summary>The same person with a session of its own, at a node.</summary>
    public async Task<Guest> AnotherDeviceAsync(int node, Guest guest)
    {
        using var stranger = new Client(Address(node));
        var session = await stranger.PostAsync<SessionAnswer>("/api/v1/sessions", new SignInBody(guest.Username, Guest.Password, Bearer: true));
        return new Guest(Address(node), session.Me, session.Token!);
    }

    /// <summary>The same person and session at another node.</summary>
    public Guest At(int node, Guest guest) => new(Address(node), guest.Me, guest.Token!);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            try
            {
                await node.StopAsync();
            }
            catch (OperationCanceledException) { } // somebody's goodbye took longer than the second that it gets here

            await node.DisposeAsync();
        }
        await Cable.DisposeAsync();
        await Redis.DisposeAsync();
        await _database.DisposeAsync();
    }
}
