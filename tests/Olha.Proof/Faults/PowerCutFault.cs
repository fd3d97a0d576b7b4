using System.Net.Http.Headers;

namespace Olha.Proof;

/// <summary>F2: the power goes while people post. Recorded once, cut often: <see cref="Disk"/> says what may be found.</summary>
internal sealed class PowerCutFault : IProof
{
    // Nobody syncs these: they are looked at once.
    static readonly string s_memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public string Name => "F2";

    public string Summary =>
        "The power goes while people post; the disk holds what was synced, and of the rest anything. Every image opens sound and holds all that was acknowledged.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var (images, everyNth, posts) = context.Full ? (1200, 10, 400) : (60, 20, 100);
        using var ground = new Ground(context.Folder);
        var conversation = new Conversation();
        var recorded = await PostsRecorded.RunAsync(ground, context.Program, posts, context.Seed, conversation, ct);
        context.Log($"{conversation.AckCount} posts recorded in {recorded.Happenings.Count} steps");
        var findings = new List<string>(conversation.Complaints);
        var (done, opened) = (0, 0);
        foreach (var image in Images.Of(recorded, images, context.Seed))
        {
            findings.AddRange(Audit(image, recorded).Select(it => $"Image {image.Number} of {images}, seed {context.Seed} (at {image.At}): {it}"));
            done++;
            if (image.Number % everyNth != everyNth - 1) continue;
            findings.AddRange((await OpenAsync(image, recorded, context, ct))
                .Select(it => $"Image {image.Number} of {images}, seed {context.Seed} (at {image.At}), opened by the program: {it}"));
            opened++;
        }

        var starts = await StartCuts.RunAsync(context, context.Full ? 100 : 4, findings, ct);
        var lost = CountLosses(recorded, images, context.Seed);
        if (lost == 0) findings.Add("Where no sync of the log counts nothing is lost either: this would not find a lost post.");
        return new(Name, Summary, "images", images, done, context.Seed,
            [
                Demand.AtMost("images that are not sound or lack an acknowledged post", findings.Count, "images", 0),
                Demand.Figure("images that the program opened itself, with all its history over HTTP", opened, "images"),
                Demand.Figure("images of a first start and of an adoption, opened by the program", starts, "images"),
                Demand.Figure("posts acknowledged while it was recorded", conversation.AckCount, "posts"),
                Demand.Figure("syncs recorded", recorded.Happenings.Count(static it => it is { Ended: true, Call.Name: "fsync" or "fdatasync" }), "syncs"),
                Demand.Figure("control: images with losses when no sync of the log counts", lost, "images"),
            ],
            findings);
    }

    /// <summary>The control: images that would be found if the log were never synced, as with a weakened <c>synchronous</c>.</summary>
    /// <returns>How many of them lack an acknowledged post.</returns>
    public static int CountLosses(Recorded recorded, int images, ulong seed) =>
        Images.Of(recorded, images, seed, static name => !name.EndsWith("-wal", StringComparison.Ordinal)).Count(image => Audit(image, recorded).Count > 0);

    /// <summary>What is wrong with an image as SQLite recovers it.</summary>
    public static IReadOnlyList<string> Audit(Image image, Recorded recorded)
    {
        var folder = Path.Combine(s_memory, $"olha-image-{Path.GetRandomFileName()}");
        try
        {
            image.LayInto(folder);
            var file = Path.Combine(folder, "olha.db");
            if (image.Acknowledged.Count > 0) return Books.Audit(file, image.Acknowledged, recorded.Asked);
            // Before anything was promised it may be anything that a start can go on from.
            if (!File.Exists(file)) return [];
            using var connection = Books.Open(file);
            return Books.Sound(connection);
        }
        catch (Microsoft.Data.Sqlite.SqliteException exception)
        {
            return [$"It can't be read: {exception.Message}"];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What is wrong with an image as the program opens it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="recorded">Of which recording.</param>
    /// <param name="context">The program.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="look">Looks at the data folder when the program was ready and is gone; null: its history is read over HTTP.</param>
    public static async Task<IReadOnlyList<string>> OpenAsync(Image image, Recorded recorded, ProofContext context, CancellationToken ct,
        Func<string, IReadOnlyList<string>>? look = null)
    {
        using var ground = new Ground(context.Folder);
        image.LayInto(ground.Data);
        await using var node = new Node(ground.Options(context.Program));
        try
        {
            await node.StartAsync(ct);
            if (look is not null)
            {
                await node.KillAsync();
                return look(ground.Data);
            }
            if (!image.SignedIn) return [];
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = node.Address };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", recorded.Token);
            var served = (await Pages.ReadAsync(http, room: 1, ct)).ToDictionary(static it => it.Seq);
            return [
                .. image.Acknowledged.Where(ack => !served.TryGetValue(ack.Seq, out var it) || it.Cid != ack.Cid || it.Body != recorded.Asked[ack.Cid])
                    .Select(static ack => $"{ack.Cid}, acknowledged as {ack.Seq}, is not served"),
            ];
        }
        catch (Exception exception) when (exception is ProofException or HttpRequestException or Microsoft.Data.Sqlite.SqliteException)
        {
            return [exception.Message];
        }
    }
}
