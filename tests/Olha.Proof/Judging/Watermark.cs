namespace Olha.Proof;

/// <summary>A number that only rises, as it became known: the highest one that anybody had seen by a time.</summary>
internal sealed class Watermark
{
    readonly List<(long At, long Value)> _marks = [];

    /// <summary>In order of time.</summary>
    public void Rise(long at, long value)
    {
        if (_marks.Count == 0 || _marks[^1].Value < value) _marks.Add((at, value));
    }

    /// <summary>The highest number that was seen before a time; 0: none.</summary>
    public long Before(long at)
    {
        var (low, high) = (0, _marks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_marks[middle].At < at) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : _marks[low - 1].Value;
    }

    /// <summary>When a number as high as this was first seen; never, when it was not.</summary>
    public long Reached(long value)
    {
        foreach (var mark in _marks)
            if (mark.Value >= value) return mark.At;
        return long.MaxValue;
    }
}
