namespace Olha.Proof;

/// <summary>What a light device keeps of a room: up to which revision it is complete, and a digest of all that it heard in order, so that
/// two who heard the same hold the same, whatever its length.</summary>
internal sealed class LightRoom(long rev)
{
    public long Rev { get; private set; } = rev;

    public long Messages { get; private set; }

    public ulong Digest { get; private set; }

    /// <summary>Changes that were held already when they came. Lawful, and to be dropped.</summary>
    public long HeardTwice { get; private set; }

    /// <summary>The next change; false: it is held already.</summary>
    public bool Take(LightFrame change)
    {
        if (change.Rev <= Rev)
        {
            HeardTwice++;
            return false;
        }
        Rev = change.Rev;
        if (change.Id == 0) return true;
        Messages++;
        Digest = Fold(Digest, change.Rev, change.Seq, change.Id, change.Post);
        return true;
    }

    /// <summary>The revisions up to here were superseded.</summary>
    public void Complete(long rev) => Rev = Math.Max(Rev, rev);

    public static ulong Fold(ulong digest, long rev, long seq, long id, int post)
    {
        const ulong Prime = 1_099_511_628_211; // FNV's
        foreach (var part in (ReadOnlySpan<long>)[rev, seq, id, post]) digest = (digest ^ (ulong)part) * Prime;
        return digest;
    }
}
