using Microsoft.Data.Sqlite;

namespace Olha.Proof;

/// <summary>The power goes while the program makes its database, or takes one over from the original.</summary>
internal static class StartCuts
{
    const string OurTexts = "SELECT body FROM messages WHERE kind = 'text'";
    const string Theirs = "SELECT content FROM messages";

    /// <param name="context">What to run.</param>
    /// <param name="images">How many of each; the program starts on every one.</param>
    /// <param name="findings">Gets what is wrong.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many images the program was started on.</returns>
    public static async Task<int> RunAsync(ProofContext context, int images, List<string> findings, CancellationToken ct)
    {
        var opened = 0;
        foreach (var original in (bool[])[false, true])
        {
            using var ground = new Ground(context.Folder);
            if (original) Original.Write(ground.Database);
            var before = Directory.GetFiles(ground.Data).ToDictionary(static it => Path.GetFileName(it), File.ReadAllBytes);
            var trace = Path.Combine(ground.Folder, "start.trace");
            await using (var node = new Node(ground.Options(context.Program, null, Recorder.Before(trace))))
            {
                await node.StartAsync(ct);
                await Recorder.EndAsync(node, "TERM");
            }
            var recorded = new Recorded(ground.Data, before, Trace.Read(trace), new Dictionary<string, string>(), null);
            foreach (var image in Images.Of(recorded, images, context.Seed))
            {
                findings.AddRange((await OpenAsync(image, recorded, original, context, ct)).Select(it =>
                    $"Image {image.Number} of {images} of {(original ? "an adoption" : "a first start")}, seed {context.Seed} (at {image.At}): {it}"));
                opened++;
            }
            context.Log($"{images} images of {(original ? "an adoption" : "a first start")} opened");
        }
        return opened;
    }

    static async Task<IReadOnlyList<string>> OpenAsync(Image image, Recorded recorded, bool original, ProofContext context, CancellationToken ct)
    {
        var wrong = await PowerCutFault.OpenAsync(image, recorded, context, ct, data =>
        {
            using var connection = Books.Open(Path.Combine(data, "olha.db"));
            var sound = Books.Sound(connection);
            return original ? [.. sound, .. Original.Missing(connection, OurTexts), .. Kept(data)] : sound;
        });
        return wrong;
    }

    // The original's file is kept beside ours, whole.
    static IReadOnlyList<string> Kept(string data)
    {
        var copies = Directory.GetFiles(data, "olha.db.before-adoption-*.db");
        foreach (var copy in copies)
        {
            try
            {
                using var connection = Books.Open(copy);
                if (Books.Sound(connection).Count == 0 && Original.Missing(connection, Theirs).Count == 0) return [];
            }
            catch (SqliteException) { } // not this one
        }
        return [$"None of {copies.Length} copies of the original's file holds what it held"];
    }
}
