namespace Olha.Proof;

/// <summary>What a disk may hold of a file: what was synced for certain, and of the rest some.</summary>
internal sealed class DiskFile
{
    readonly Content _base = new();
    readonly List<Op> _ops = []; // in their order; the first ones are taken into _base when they are safe

    /// <summary>A write, or with no bytes a new length.</summary>
    public Op Add(long offset, byte[]? bytes)
    {
        var op = new Op(offset, bytes);
        _ops.Add(op);
        return op;
    }

    /// <summary>What a sync that begins now will have made safe when it ends: what was written before it.</summary>
    public IReadOnlyList<Op> Written => [.. _ops.Where(static op => op.State == OpState.Done)];

    /// <summary>Takes what is safe into the base, as far as nothing unsafe lies before it.</summary>
    public void Settle()
    {
        var safe = _ops.FindIndex(static op => op.State != OpState.Safe);
        if (safe < 0) safe = _ops.Count;
        foreach (var op in _ops.Take(safe)) op.Apply(_base);
        _ops.RemoveRange(0, safe);
    }

    /// <summary>The file as its program sees it.</summary>
    public byte[] Seen
    {
        get
        {
            var content = _base.Copy();
            foreach (var op in _ops) op.Apply(content);
            return content.Bytes;
        }
    }

    /// <summary>The file as it may lie on the disk.</summary>
    /// <param name="luck">Says what of the unsafe got there.</param>
    public byte[] Found(Luck luck)
    {
        var content = _base.Copy();
        var longest = content.Length;
        foreach (var op in _ops)
        {
            if (op.State == OpState.Safe || luck.Keeps()) op.Apply(content);
            else if (luck.Tears()) op.Tear(content, luck);
            if (op.Bytes is not null) longest = Math.Max(longest, op.Offset + op.Bytes.Length);
        }
        // The length may have got there without what is in it.
        if (luck.GrowsEmpty()) content.Grow(longest);
        return content.Bytes;
    }
}

/// <summary>Bytes that grow.</summary>
internal sealed class Content
{
    byte[] _bytes = [];

    public long Length { get; private set; }

    public byte[] Bytes => _bytes[..(int)Length];

    public Content Copy() => new() { _bytes = Bytes, Length = Length };

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Grow(offset + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan((int)offset));
    }

    public void Grow(long length)
    {
        if (length <= Length) return;
        if (length > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Max(length, _bytes.Length * 2L));
        Length = length;
    }

    public void Cut(long length)
    {
        _bytes.AsSpan((int)Math.Min(length, Length)..(int)Length).Clear();
        Length = Math.Min(length, Length);
    }
}

internal enum OpState
{
    /// <summary>The call has not returned.</summary>
    Begun,
    Done,
    /// <summary>Synced.</summary>
    Safe,
    /// <summary>A sync of it failed: the kernel takes it for clean from then on, and no later sync writes it.</summary>
    Stranded,
}

/// <summary>A write, or a new length.</summary>
/// <param name="offset">Where; the length when there are no bytes.</param>
/// <param name="bytes">What.</param>
internal sealed class Op(long offset, byte[]? bytes)
{
    const int Sector = 512;

    public long Offset => offset;

    public byte[]? Bytes => bytes;

    public OpState State { get; set; }

    public void Apply(Content content)
    {
        if (bytes is not null)
        {
            content.Write(offset, bytes);
            return;
        }
        content.Cut(offset);
        content.Grow(offset);
    }

    /// <summary>Some sectors of it.</summary>
    public void Tear(Content content, Luck luck)
    {
        for (var at = 0; at < bytes?.Length;)
        {
            // Up to the next border on the disk, not in the write.
            var length = (int)Math.Min(bytes.Length - at, Sector - (offset + at) % Sector);
            if (luck.KeepsSector()) content.Write(offset + at, bytes.AsSpan(at, length));
            at += length;
        }
    }
}
