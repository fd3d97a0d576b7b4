using Microsoft.AspNetCore.Connections;
using Olha.Server.Accounts;
using Olha.Server.Admin;
using Olha.Server.Adoption;
using Olha.Server.Backups;
using Olha.Server.Cluster;
using Olha.Server.Configuration;
using Olha.Server.Gateway;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Membership;
using Olha.Server.Messages;
using Olha.Server.Presence;
using Olha.Server.Rooms;
using Olha.Server.Tls;
using Olha.Server.Watch;
using Olha.Sockets;
using Olha.Storage;

namespace Olha.Server;

/// <summary>The whole program as a table of contents: what it is made of, and which door leads where.</summary>
internal static class ChatHost
{
    /// <summary>Opens the database and puts the program together; nothing listens yet.</summary>
    /// <param name="options">All that can be set.</param>
    /// <param name="clock">What time it is; null: the system's.</param>
    /// <param name="ct">Gives up opening the database.</param>
    public static async Task<WebApplication> BuildAsync(ServerOptions options, TimeProvider? clock = null, CancellationToken ct = default)
    {
        var logs = Logs.Open(options);
        var database = await OpenDatabaseAsync(options, logs, ct);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IConnectionListenerFactory, SocketTransport>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenAt(options, TlsDoor.Open, Watchers.MarkOwnDoor));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = BoundedEnd.ForGoodbyes(TimeSpan.FromSeconds(options.DrainSeconds)));
        builder.Services.AddRoutingCore()
            .AddSingleton(_ => logs)
            .AddSingleton(options).AddSingleton(clock ?? TimeProvider.System).AddSingleton(_ => database)
            .AddTelemetry() // the first to start is the last to stop: it tells of the end too
            .AddNodes()
            .AddRequestGuard().AddDescription()
            .AddLive().AddCluster(options.RedisUrl, options.DatabaseUrl, database.Epoch)
            .AddAccounts().AddRooms().AddMessages().AddInbox().AddReports().AddMembership().AddInvitations().AddPresence()
            .AddAdmin().AddAdminRooms()
            .AddGateway()
            .AddTls(options)
            .AddWatch()
            .AddBackups(WhereDataIs(options, logs))
            .AddHostedService<MemoryReturn>();

        var app = builder.Build();
        app.Services.StartLive();
        app.Services.RegisterMissedChanges();
        app.Services.StartWatch();
        app.Services.RegisterCuts();
        app.Services.ShareLimits();
        app.UseTrustedProxies(options);
        app.UseRequestLog();
        app.UseHttpsOnly(options);
        app.UseSecurityHeaders(options);
        app.UseSoundFraming();
        app.UseBoundedBodies();
        app.UseParting();
        Watchers.UseOwnDoor(app);
        app.UsePublicAddress(options);
        app.UseSocketsOverHttp2();
        app.UseRouting();
        app.UseRequestGuard();
        app.UseSessionGate();
        app.UseWebSockets();
        var api = app.MapGroup("/api/v1");
        api.MapAccounts();
        api.MapAccess();
        api.MapRooms();
        api.MapMessages();
        api.MapInbox();
        api.MapReports();
        api.MapMembership();
        api.MapOwnData();
        api.MapInvitations();
        api.MapPresence();
        api.MapAdmin();
        api.MapAdminRooms();
        api.MapLately();
        api.MapNodes();
        app.MapOriginalAccounts();
        app.MapGateway();
        WebApp.Use(app, typeof(ChatHost).Assembly);
        app.MapHealth();
        app.MapMetrics();
        app.MapDescription();
        app.MapReferencePage();
        return app;
    }

    /// <summary>Opens the database that the settings name.</summary>
    public static Task<Database> OpenDatabaseAsync(ServerOptions options, ILoggerFactory logs, CancellationToken ct) =>
        Database.OpenAsync(WhereDataIs(options, logs), ct);

    /// <summary>The database that the settings name, closed.</summary>
    public static DatabaseOptions WhereDataIs(ServerOptions options, ILoggerFactory logs) => new()
    {
        SqlitePath = options.DbName,
        PostgresUrl = options.DatabaseUrl,
        SchemaAssembly = typeof(ChatHost).Assembly,
        SchemaFolder = options.DbMigrationsPath,
        Predecessor = OriginalProgram.ToAdopt(logs.CreateLogger(typeof(OriginalProgram)), TimeProvider.System),
        Logger = logs.CreateLogger<Database>(),
    };

    // Live knows sockets, not sessions.
    static void RegisterCuts(this IServiceProvider services)
    {
        var sessions = services.GetRequiredService<Sessions>();
        services.GetRequiredService<Delivery>().Cutting = who => sessions.Forget(who.Id);
    }

    // What other nodes use up counts from the start, not from the first request here that is limited.
    static void ShareLimits(this IServiceProvider services)
    {
        services.GetRequiredService<AddressLimits>();
        services.GetRequiredService<SignInThrottle>();
        services.GetRequiredService<TalkLimit>();
        services.GetRequiredService<ConnectionLimits>();
    }

    // Live knows streams, not what is in them.
    static void RegisterMissedChanges(this IServiceProvider services)
    {
        var missed = services.GetRequiredService<MissedChanges>();
        var database = services.GetRequiredService<Database>();
        var (rooms, places) = (services.GetRequiredService<RoomStore>(), services.GetRequiredService<PlaceStore>());
        var (people, server) = (services.GetRequiredService<PeopleDirectory>(), services.GetRequiredService<ServerStore>());
        missed.Register(Topics.Room(0), services.GetRequiredService<RoomHistory>().MissedAsync,
            (ids, ct) => database.ReadAsync(session => rooms.HeadsAsync(session, ids), ct));
        missed.Register(Topics.Person(0), services.GetRequiredService<PersonHistory>().MissedAsync,
            (ids, ct) => database.ReadAsync(session => places.HeadsAsync(session, ids), ct));
        missed.Register(Topics.Server,
            (_, after, ct) => database.ReadAsync(async session =>
            {
                var range = await people.ChangesAsync(session, after);
                return new ChangeRange(range.Changes, range.Complete);
            }, ct),
            (_, ct) => database.ReadAsync(async session =>
                (List<StreamHead>)[new StreamHead(Topics.Server.Id, (await server.FindAsync(session)).LastRev)], ct));
    }
}
