namespace Relay.Core.Latency;

/// <summary>
/// Time slices at every <see cref="WindowLevel"/>. The owner records into an open slice of its own; when that slice's time
/// is over it is closed into the finest ring, and each ring's closing slice is handed on to the next coarser ring:
/// <code>
/// owner's open slice -> ring 5 s x 12 -> ring 15 s x 20 -> ring 2 min x 30 -> ring 30 min x 48
///                            1m              5m                1h                  24h
/// </code>
/// So a value is recorded once, and found in exactly one place on the way to each level: in that level's closed slices, or
/// in the open slice of that level or a finer one.
/// </summary>
/// <remarks>
/// Time that goes backwards counts as the latest time seen; negative time as zero. The sum of what is closed, of each window that was
/// asked for, is kept until a slice closes (5 s): whoever looks at a window ten times a second then adds only what is open.
/// </remarks>
/// <typeparam name="T">What a slice holds.</typeparam>
internal sealed partial class SliceCascade<T>
    where T : class, ISlice<T>
{
    private readonly SliceRing<T>[] _rings;
    private readonly T?[] _sums;
    private long _openEndTicks;

    public SliceCascade()
    {
        _rings = [.. WindowLevel.All.ToArray().Select(level => new SliceRing<T>(level))];
        _sums = new T?[_rings.Length];
        _openEndTicks = _rings[0].SliceTicks;
    }

    /// <summary>The memory of the rings themselves, in bytes, without what the slices hold.</summary>
    public static int FixedBytes => 64 + 24 + WindowLevel.All.ToArray().Sum(level => 8 + 64 + 24 + (8 * level.Slices));

    /// <summary>The most slices that are ever held: closed and open ones of every level, and the sum of each.</summary>
    public static int MaxSlices => WindowLevel.All.ToArray().Sum(level => level.Slices + 1 + 1);

    /// <summary>True when the owner must close its open slice before it records or reads.</summary>
    public bool IsDue(TimeSpan now) => now.Ticks >= _openEndTicks;

    /// <summary>Takes the owner's open slice, and closes every slice that is over at <paramref name="now"/>.</summary>
    public void Close(T open, TimeSpan now)
    {
        Array.Clear(_sums);
        var closing = open;
        foreach (var ring in _rings)
        {
            ring.Add(closing);
            if (!ring.TryClose(now, out closing))
            {
                break;
            }
        }

        var start = _rings[0].OpenNumber * _rings[0].SliceTicks;
        _openEndTicks = start + Math.Min(_rings[0].SliceTicks, long.MaxValue - start);
    }

    /// <summary>Everything in the window but the owner's open slice; together at least the window's whole length back from now, at most one slice more.</summary>
    public T SumOfClosed(Window window) => _sums[(int)window] ??= T.MergeAll(Collect(window, T.Empty));

    /// <summary>The window in steps, oldest first, every step present. Steps are aligned to the clock's origin, except that the first begins where the window does.</summary>
    /// <param name="window">The window.</param>
    /// <param name="step">Wanted length of a point; rounded up to whole slices of the level, at most the window.</param>
    /// <param name="now">Now.</param>
    /// <param name="open">The owner's open slice.</param>
    public List<SeriesPoint<T>> Series(Window window, TimeSpan step, TimeSpan now, T open)
    {
        var perPoint = WindowLevel.Of(window).RoundUp(step).Ticks / WindowLevel.Of(window).Slice.Ticks;
        var slices = Collect(window, open);
        var ring = _rings[(int)window];
        var points = new List<SeriesPoint<T>>();
        var number = ring.OpenNumber - ring.Size;
        for (var from = 0; number <= ring.OpenNumber;)
        {
            var next = (FloorDivide(number, perPoint) + 1) * perPoint;
            var isLast = next > ring.OpenNumber;
            var to = isLast ? slices.Length : from + (int)(next - number);
            var start = TimeSpan.FromTicks(number * ring.SliceTicks);
            var end = isLast ? TimeSpan.FromTicks(Math.Max(now.Ticks, ring.OpenNumber * ring.SliceTicks)) : TimeSpan.FromTicks(next * ring.SliceTicks);
            points.Add(new SeriesPoint<T>(start, end, T.MergeAll(slices.AsSpan(from, to - from))));
            (from, number) = (to, next);
        }

        return points;
    }

    /// <summary>Every slice that is held, for counting memory.</summary>
    public IEnumerable<T> Held() => _rings.SelectMany(ring => ring.Held()).Concat(_sums.Select(sum => sum ?? T.Empty));

    /// <summary>The closed slices of the window's level, oldest first, then all that make up its open slice.</summary>
    private T[] Collect(Window window, T open)
    {
        var ring = _rings[(int)window];
        var slices = new T[ring.Size + (int)window + 2];
        ring.CopyClosed(slices);
        for (var finer = 0; finer <= (int)window; finer++)
        {
            slices[ring.Size + finer] = _rings[finer].Open;
        }

        slices[^1] = open;
        return slices;
    }

    private static long FloorDivide(long number, long by) => number >= 0 ? number / by : ((number + 1) / by) - 1;
}
