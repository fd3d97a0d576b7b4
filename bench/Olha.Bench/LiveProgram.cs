using System.Buffers.Text;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olha.Fanout;
using Olha.Load;
using Olha.Protocol;
using Olha.Server;
using Olha.Server.Accounts;
using Olha.Server.Configuration;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Membership;
using Olha.Server.Messages;
using Olha.Server.Rooms;

namespace Olha.Bench;

/// <summary>The whole program in this process on a fresh database, and one person in General, whose socket's stand-in counts
/// bytes.</summary>
internal sealed class LiveProgram : IAsyncDisposable
{
    public const long General = 1;

    const string FirstCid = "000000000000000000000000";

    readonly WebApplication _app;
    readonly string _folder;
    readonly Caller _ana;
    readonly PostMessage _verb;
    readonly RoomReading _reading;
    readonly Connection _connection = new(new CountingSink(), tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
    readonly byte[] _post = Said.Post(100, General, FirstCid);
    readonly Memory<byte> _cid;
    readonly Task[] _underWay = new Task[1000];
    long _posts;

    LiveProgram(WebApplication app, string folder, Caller ana)
    {
        (_app, _folder, _ana) = (app, folder, ana);
        (_verb, _reading) = (app.Services.GetRequiredService<PostMessage>(), app.Services.GetRequiredService<RoomReading>());
        _cid = _post.AsMemory(_post.AsSpan().IndexOf("000000000000000000000000"u8), FirstCid.Length);
        var hub = app.Services.GetRequiredService<Hub>();
        hub.Add(_connection);
        hub.Join(Topics.Room(General), _connection);
    }

    public static async Task<LiveProgram> StartAsync()
    {
        var folder = Path.Combine(Workbench.Folder, "micro", "run"); // on the disk that is measured
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var app = await ChatHost.BuildAsync(new ServerOptions
        {
            Port = 0, Bind = [IPAddress.Loopback], DbName = Path.Combine(folder, "olha.db"), PasswordCost = 4, LogLevel = LogLevel.Error,
            MessagesPerSecond = 0,
        });
        await app.StartAsync();
        var signedUp = await app.Services.GetRequiredService<SignUp>().RunAsync(
            "ana", Seeding.Password, null, null, new Visitor(IPAddress.Loopback, "bench"), CancellationToken.None);
        if (!signedUp.TryGet(out var ana, out var refusal)) throw new BenchException($"nobody can sign up: {refusal}.");
        return new LiveProgram(app, folder, new Caller(ana.Me.Id, 1, "ana", Role.Owner));
    }

    /// <summary>Ana says so much at once, each time something new, and has the acknowledgements of all: from the text of each
    /// frame to its change at her socket.</summary>
    /// <param name="count">1 to 1,000.</param>
    public async Task PostAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Utf8Formatter.TryFormat(++_posts, _cid.Span, out _, new('D', (byte)FirstCid.Length));
            _underWay[i] = StoreAsync(HotJson.TryReadPost(_post)!);
        }
        for (var i = 0; i < count; i++) await _underWay[i];
    }

    /// <summary>Ana has read everything.</summary>
    public async Task ReadAllAsync()
    {
        var newest = await PageAsync(null);
        var read = await _app.Services.GetRequiredService<MoveReadMark>().RunAsync(
            _ana, General, newest.Messages[^1].Seq, newest.Read.Mark, CancellationToken.None);
        if (read.Refusal is { } refusal) throw new BenchException($"the mark was not moved: {refusal}.");
    }

    public async Task<MessagePage> PageAsync(long? before)
    {
        var page = await _reading.PageAsync(_ana, General, new PageQuery(before, null, null, null, PageQuery.DefaultLimit), CancellationToken.None);
        return page.TryGet(out var read, out var refusal) ? read : throw new BenchException($"there is no page: {refusal}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // As the v1 door does: a task for each.
    async Task StoreAsync(Post post)
    {
        var outcome = await _verb.RunAsync(
            _ana, post.RoomId, new DraftBody(post.Cid, post.Body), lane: null, _connection, CancellationToken.None);
        if (outcome.Refusal is { } refusal) throw new BenchException($"a post was refused: {refusal}.");
    }
}
