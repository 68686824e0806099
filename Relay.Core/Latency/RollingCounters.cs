namespace Relay.Core.Latency;

/// <summary>
/// A fixed set of counters (requests, errors, tokens, nano-dollars...) over trailing windows: 1m, 5m, 1h and 24h at once, on
/// the same slices as <see cref="RollingHistogram"/>. Counters only grow, and stop at <see cref="long.MaxValue"/>.
/// </summary>
/// <remarks>
/// <c>now</c> is monotonic time since any origin. Earlier than the latest seen, it counts as the latest slice; below
/// zero, as zero; a jump ahead costs at most one pass over the rings. Not thread-safe, reads included: the owner locks.
/// </remarks>
public sealed class RollingCounters
{
    private readonly long[] _open;
    private readonly SliceCascade<CounterSlice> _slices = new();

    /// <summary>Creates counters, all zero.</summary>
    /// <param name="width">How many counters; at least 1. Memory is about 1 KB + 116 times 8 bytes for each (<see cref="MaxBytes"/>).</param>
    public RollingCounters(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _open = new long[width];
    }

    /// <summary>How many counters there are.</summary>
    public int Width => _open.Length;

    /// <summary>The most memory that <paramref name="width"/> counters hold, in bytes.</summary>
    /// <param name="width">How many counters.</param>
    public static long MaxBytes(int width) =>
        32 + ArrayBytes(width) + SliceCascade<CounterSlice>.FixedBytes + (SliceCascade<CounterSlice>.MaxSlices * (24 + ArrayBytes(width)));

    /// <summary>The memory held now, in bytes, as laid out on 64 bits. Walks all slices; for tests and diagnostics.</summary>
    public long ApproximateBytes =>
        32 + ArrayBytes(Width) + SliceCascade<CounterSlice>.FixedBytes + (_slices.Held().Count(slice => !slice.IsEmpty) * (24 + ArrayBytes(Width)));

    /// <summary>Adds to one counter. Allocates nothing, except when a slice closes (every 5 s at most).</summary>
    /// <param name="index">0 to <see cref="Width"/> - 1.</param>
    /// <param name="by">0 or more.</param>
    /// <param name="now">Monotonic time.</param>
    public void Add(int index, long by, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(by);
        CloseWhatIsOver(now);
        ref var counter = ref _open[index];
        counter = Saturating.Add(counter, by);
    }

    /// <summary>Adds to every counter.</summary>
    /// <param name="by">One number for each counter, each 0 or more; nothing is added when one is negative.</param>
    /// <param name="now">Monotonic time.</param>
    public void AddAll(ReadOnlySpan<long> by, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(by.Length, Width, nameof(by));
        foreach (var value in by)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(by));
        }

        CloseWhatIsOver(now);
        for (var i = 0; i < by.Length; i++)
        {
            _open[i] = Saturating.Add(_open[i], by[i]);
        }
    }

    /// <summary>The sums over a trailing window: at least its whole length, at most one slice more.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="into">Overwritten with one sum for each counter; exactly <see cref="Width"/> long.</param>
    public void Sum(Window window, TimeSpan now, Span<long> into)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(into.Length, Width, nameof(into));
        CloseWhatIsOver(now);
        _open.CopyTo(into);
        _slices.SumOfClosed(window).AddTo(into);
    }

    /// <summary>The sums along a trailing window, oldest first, one fresh array of <see cref="Width"/> for each step, zeros included.</summary>
    /// <param name="window">The window.</param>
    /// <param name="step">Wanted length of a point, above zero; rounded up to whole slices of the window's level, at most the window.</param>
    /// <param name="now">Monotonic time.</param>
    public IReadOnlyList<SeriesPoint<long[]>> Series(Window window, TimeSpan step, TimeSpan now)
    {
        CloseWhatIsOver(now);
        return _slices.Series(window, step, now, OpenSlice())
            .ConvertAll(point => new SeriesPoint<long[]>(point.Start, point.End, point.Value.ToArray(Width)));
    }

    /// <summary>Everything that is held, slice by slice, for <see cref="Import"/> in another process on the same clock.</summary>
    /// <param name="now">Monotonic time.</param>
    public SlicePart<long[]>[] Export(TimeSpan now)
    {
        CloseWhatIsOver(now);
        return [.. _slices.Export(OpenSlice()).Select(part => new SlicePart<long[]>(part.Level, part.Number, part.IsOpen, part.Value.ToArray(Width)))];
    }

    /// <summary>Merges what another exported into the times that it is of. What is older than its window is dropped.</summary>
    /// <param name="parts">The other's <see cref="Export"/>; each with <see cref="Width"/> counts of 0 or more, or nothing is merged.</param>
    /// <param name="now">Monotonic time, at least that of the export.</param>
    public void Import(ReadOnlySpan<SlicePart<long[]>> parts, TimeSpan now)
    {
        foreach (ref readonly var part in parts)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(part.Value.Length, Width, nameof(parts));
            ArgumentOutOfRangeException.ThrowIfLessThan(part.Value.Min(), 0, nameof(parts));
        }

        CloseWhatIsOver(now);
        foreach (ref readonly var part in parts)
        {
            _slices.Import(new(part.Level, part.Number, part.IsOpen, new CounterSlice([.. part.Value])));
        }
    }

    private static long ArrayBytes(int width) => 24 + ((long)width * sizeof(long));

    private void CloseWhatIsOver(TimeSpan now)
    {
        if (_slices.IsDue(now))
        {
            _slices.Close(OpenSlice(), now);
            Array.Clear(_open);
        }
    }

    private CounterSlice OpenSlice() => _open.AsSpan().ContainsAnyExcept(0L) ? new CounterSlice([.. _open]) : CounterSlice.Empty;
}
