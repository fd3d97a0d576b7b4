using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Cuts the power in a recording, again and again.</summary>
internal static partial class Images
{
    /// <summary>Images in the order of their moments; half of them right before and after a sync, half anywhere.</summary>
    /// <param name="recorded">What was done.</param>
    /// <param name="count">How many images.</param>
    /// <param name="seed">Chooses moments and what of the unsynced is found.</param>
    /// <param name="believes">See <see cref="Disk"/>; null: every sync does what it should.</param>
    public static IEnumerable<Image> Of(Recorded recorded, int count, ulong seed, Func<string, bool>? believes = null)
    {
        var random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        var moments = new Queue<int>(Moments(recorded, count, random));
        var disk = new Disk(recorded.Folder, believes ?? (static _ => true));
        foreach (var (name, content) in recorded.Before) disk.Lay(name, content);

        var told = new List<Ack>();
        var (number, signedIn) = (0, false);
        for (var at = 0; at <= recorded.Happenings.Count; at++)
        {
            for (; moments.TryPeek(out var moment) && moment == at; moments.Dequeue())
                yield return new(number++, at, disk.Cut(new Luck(random)), [.. told], signedIn);
            if (at == recorded.Happenings.Count) break;

            var happening = recorded.Happenings[at];
            disk.Follow(happening);
            // Told from the moment at which it was handed to the kernel.
            if (happening is not { Ended: false, Call.Name: "sendto" or "sendmsg" or "write" or "writev" }) continue;
            var said = Encoding.UTF8.GetString(Trace.Quoted(happening.Call.Arguments));
            told.AddRange(Acks(said));
            signedIn |= recorded.Token is { } token && said.Contains(token, StringComparison.Ordinal);
        }
    }

    /// <summary>All acknowledgements in what was sent.</summary>
    public static IEnumerable<Ack> Acks(string sent) =>
        Acknowledgement().Matches(sent).Select(static it => (Ack)JsonSerializer.Deserialize(it.Value, ProtocolJson.Wire.ServerFrame)!);

    static IEnumerable<int> Moments(Recorded recorded, int count, Random random)
    {
        var syncs = Enumerable.Range(0, recorded.Happenings.Count)
            .Where(i => recorded.Happenings[i] is { Call.Name: "fsync" or "fdatasync" }).ToArray();
        if (syncs.Length == 0) throw new ProofException("The recording has no sync in it.");
        return Enumerable.Range(0, count)
            .Select(i => i % 2 == 0 ? syncs[random.Next(syncs.Length)] + random.Next(2) : random.Next(recorded.Happenings.Count + 1))
            .Order().ToArray();
    }

    [GeneratedRegex("""\{"type":"ack",[^}]*\}""")]
    private static partial Regex Acknowledgement();
}
