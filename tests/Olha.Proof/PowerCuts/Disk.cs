namespace Olha.Proof;

/// <summary>A folder as its program sees it, and as a disk may hold it when the power goes: follows the calls of a recording.</summary>
/// <remarks>As bad as POSIX allows: a write that was not synced may be there, or not, or some of its sectors; a name that was made, moved or
/// removed is safe only once its folder was synced. What was synced is there.</remarks>
/// <param name="folder">The data folder.</param>
/// <param name="believes">Which files' syncs do what they should; the others' are a lie, as they are with a weakened <c>synchronous</c>.</param>
internal sealed class Disk(string folder, Func<string, bool> believes)
{
    readonly Dictionary<string, DiskFile> _seen = [];
    readonly Dictionary<string, DiskFile> _safe = [];
    readonly List<NameOp> _names = []; // not safe yet, in their order
    readonly Dictionary<Call, Action<bool>> _syncs = []; // begun; told whether they succeeded
    readonly Dictionary<Call, Op> _writes = [];

    /// <summary>Takes over a file that was there before the recording.</summary>
    public void Lay(string name, byte[] content)
    {
        var file = new DiskFile();
        file.Add(0, content).State = OpState.Safe;
        file.Settle();
        _seen[name] = _safe[name] = file;
    }

    /// <summary>What the next program finds that is started without a power cut: all that this one saw.</summary>
    public IReadOnlyDictionary<string, byte[]> Seen => _seen.ToDictionary(static it => it.Key, static it => it.Value.Seen);

    /// <summary>What may be found after the power went now.</summary>
    public Dictionary<string, byte[]> Cut(Luck luck)
    {
        var names = new Dictionary<string, DiskFile>(_safe);
        foreach (var op in _names)
            if (luck.KeepsName()) op.Apply(names);
        var found = names.ToDictionary(static it => it.Key, it => it.Value.Found(luck));
        // Its pages are written by nobody's call, and it need not survive: anything may be in it.
        foreach (var name in found.Keys.Where(static it => it.EndsWith("-shm", StringComparison.Ordinal)).ToArray())
            found[name] = luck.Noise(32 << 10);
        return found;
    }

    public void Follow(Happening happening)
    {
        if (happening.Ended) End(happening.Call);
        else Begin(happening.Call);
    }

    void Begin(Call call)
    {
        switch (call.Name)
        {
            case "pwrite64" or "pwritev" or "pwritev2" or "write" or "writev" when Mine(call) is { } name && call.Result is null or > 0:
                if (call.Name is "write" or "writev") throw new ProofException($"A write without a place to {name} (line {call.Line}): the recording can't follow that.");
                var bytes = Trace.Quoted(call.Arguments);
                if (call.Result is { } written && written < bytes.Length) bytes = bytes[..(int)written];
                _writes[call] = File(name).Add(Place(call), bytes);
                break;
            case "fsync" or "fdatasync" when call.Result is not null:
                BeginSync(call);
                break;
        }
    }

    void BeginSync(Call call)
    {
        if (Path(call) == folder)
        {
            var (names, count) = (_names.ToArray(), _names.Count);
            _syncs[call] = succeeded =>
            {
                if (!succeeded) return;
                foreach (var op in names.Where(_names.Contains)) op.Apply(_safe);
                _names.RemoveAll(names.Contains);
            };
        }
        else if (Mine(call) is { } name && _seen.TryGetValue(name, out var file))
        {
            var covered = file.Written;
            _syncs[call] = succeeded =>
            {
                if (succeeded && !believes(name)) return;
                foreach (var op in covered) op.State = succeeded ? OpState.Safe : OpState.Stranded;
                file.Settle();
            };
        }
    }

    void End(Call call)
    {
        if (_syncs.Remove(call, out var sync)) sync(call is { Result: 0, IsInjected: false });
        if (_writes.Remove(call, out var write) && write.State == OpState.Begun) write.State = OpState.Done;
        if (call.Result is not >= 0) return;
        var arguments = Trace.Split(call.Arguments);
        switch (call.Name)
        {
            case "openat" or "open" or "creat":
                if (call.Opened is { } path && Name(path) is { } opened) Open(opened, call.Arguments);
                break;
            case "ftruncate" when Mine(call) is { } name:
                File(name).Add(long.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture), null).State = OpState.Done;
                break;
            case "fallocate" or "sendfile" or "copy_file_range" or "truncate" or "sync_file_range" when Mine(call) is { } name:
                throw new ProofException($"{call.Name} of {name} (line {call.Line}): the recording can't follow that.");
            case "mmap" when call.Arguments.Contains("PROT_WRITE", StringComparison.Ordinal) && call.Arguments.Contains("MAP_SHARED", StringComparison.Ordinal)
                && arguments.Count > 4 && Trace.PathOf(arguments[4]) is { } mapped && Name(mapped) is { } name && !name.EndsWith("-shm", StringComparison.Ordinal):
                throw new ProofException($"{name} is written through memory (line {call.Line}): the recording can't follow that.");
            case "unlink" or "unlinkat" when Named(arguments, 0) is { } name:
                Do(new NameOp(name, null, null));
                break;
            case "rename" or "renameat" or "renameat2" when Named(arguments, 0) is { } from && Named(arguments, 1) is { } to:
                Do(new NameOp(from, to, _seen[from]));
                break;
            case "link" or "linkat" when Named(arguments, 0) is { } from && Named(arguments, 1) is { } to:
                Do(new NameOp(null, to, _seen[from]));
                break;
        }
    }

    void Open(string name, string how)
    {
        if (!_seen.TryGetValue(name, out var file))
        {
            file = new DiskFile();
            Do(new NameOp(null, name, file));
        }
        if (how.Contains("O_TRUNC", StringComparison.Ordinal)) file.Add(0, null).State = OpState.Done;
    }

    void Do(NameOp op)
    {
        op.Apply(_seen);
        _names.Add(op);
    }

    DiskFile File(string name) =>
        _seen.TryGetValue(name, out var file) ? file : throw new ProofException($"{name} is written and was never opened.");

    static long Place(Call call)
    {
        // pwritev2 has flags behind the place.
        var arguments = Trace.Split(call.Arguments);
        return long.Parse(arguments[call.Name == "pwrite64" ? 3 : call.Name == "pwritev" ? 3 : ^2], System.Globalization.CultureInfo.InvariantCulture);
    }

    string? Mine(Call call) => Path(call) is { } path ? Name(path) : null;

    static string? Path(Call call) => Trace.PathOf(Trace.Split(call.Arguments)[0]);

    // The n-th path in quotes; all are absolute.
    string? Named(List<string> arguments, int n) =>
        arguments.Where(static it => it.StartsWith('"')).ElementAtOrDefault(n) is { } quoted
            ? Name(System.Text.Encoding.UTF8.GetString(Trace.Quoted(quoted))) : null;

    /// <summary>A path's name in the folder; null: it is elsewhere, or has no name any more.</summary>
    string? Name(string path) =>
        path.StartsWith(folder + "/", StringComparison.Ordinal) && !path.EndsWith("(deleted)", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : null;

    /// <summary>A name goes, comes, or both at once.</summary>
    sealed record NameOp(string? From, string? To, DiskFile? File)
    {
        public void Apply(Dictionary<string, DiskFile> names)
        {
            if (From is not null) names.Remove(From);
            if (To is not null) names[To] = File!;
        }
    }
}
