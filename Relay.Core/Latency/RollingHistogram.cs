namespace Relay.Core.Latency;

/// <summary>
/// A latency distribution over trailing windows: 1m, 5m, 1h and 24h at once, in bounded memory. Values are recorded once,
/// into a dense open slice; closed slices are sparse and cascade into coarser ones (<see cref="WindowLevel"/>).
/// </summary>
/// <remarks>
/// <c>now</c> is monotonic time since any origin. Earlier than the latest seen, it counts as the latest slice; below
/// zero, as zero; a jump ahead costs at most one pass over the rings. Not thread-safe, reads included (they close slices
/// that are over): the owner locks. Memory: <see cref="MaxBytes"/> at worst (2.04 MB, every bucket hit in every slice); one
/// model's latencies, log-normal over a factor of seven, take about 270 KB at 10 requests/s, 90 KB at one in 10 s, and 15 KB idle.
/// </remarks>
public sealed class RollingHistogram
{
    private readonly HistogramBuffer _open = new();
    private readonly SliceCascade<HistogramSnapshot> _slices = new();

    /// <summary>The most memory that one rolling histogram holds, in bytes: every slice of every level with every bucket used.</summary>
    public static long MaxBytes => FixedBytes + ((long)SliceCascade<HistogramSnapshot>.MaxSlices * HistogramSnapshot.MaxBytes);

    /// <summary>The memory held now, in bytes, as laid out on 64 bits. Walks all slices; for tests and diagnostics.</summary>
    public long ApproximateBytes => FixedBytes + _slices.Held().Where(slice => !slice.IsEmpty).Sum(slice => (long)slice.ApproximateBytes);

    private static int FixedBytes => 32 + HistogramBuffer.Bytes + SliceCascade<HistogramSnapshot>.FixedBytes;

    /// <summary>Records one value. Allocates nothing, except when a slice closes (every 5 s at most).</summary>
    /// <param name="micros">Microseconds; out of 1 µs to 1 h it counts as the nearest bound.</param>
    /// <param name="now">Monotonic time.</param>
    public void Record(long micros, TimeSpan now)
    {
        CloseWhatIsOver(now);
        _open.Record(micros);
    }

    /// <summary>Records all values of a snapshot as of <paramref name="now"/>.</summary>
    /// <param name="delta">Values drained from elsewhere.</param>
    /// <param name="now">Monotonic time.</param>
    public void Add(HistogramSnapshot delta, TimeSpan now)
    {
        CloseWhatIsOver(now);
        _open.MergeFrom(delta);
    }

    /// <summary>The distribution over a trailing window: at least its whole length, at most one slice more.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">Monotonic time.</param>
    public HistogramSnapshot Snapshot(Window window, TimeSpan now)
    {
        CloseWhatIsOver(now);
        return _open.ToSnapshotWith(_slices.SumOfClosed(window));
    }

    /// <summary>The distributions along a trailing window, oldest first, one for each step, empty ones included.</summary>
    /// <param name="window">The window.</param>
    /// <param name="step">Wanted length of a point, above zero; rounded up to whole slices of the window's level, at most the window.</param>
    /// <param name="now">Monotonic time.</param>
    public IReadOnlyList<SeriesPoint<HistogramSnapshot>> Series(Window window, TimeSpan step, TimeSpan now)
    {
        CloseWhatIsOver(now);
        return _slices.Series(window, step, now, _open.ToSnapshot());
    }

    /// <summary>Everything that is held, slice by slice, for <see cref="Import"/> in another process on the same clock.</summary>
    /// <param name="now">Monotonic time.</param>
    public SlicePart<HistogramSnapshot>[] Export(TimeSpan now)
    {
        CloseWhatIsOver(now);
        return [.. _slices.Export(_open.ToSnapshot())];
    }

    /// <summary>Merges what another exported into the times that it is of. What is older than its window is dropped.</summary>
    /// <param name="parts">The other's <see cref="Export"/>.</param>
    /// <param name="now">Monotonic time, at least that of the export.</param>
    public void Import(ReadOnlySpan<SlicePart<HistogramSnapshot>> parts, TimeSpan now)
    {
        CloseWhatIsOver(now);
        foreach (ref readonly var part in parts)
        {
            _slices.Import(part);
        }
    }

    private void CloseWhatIsOver(TimeSpan now)
    {
        if (_slices.IsDue(now))
        {
            _slices.Close(_open.Drain(), now);
        }
    }
}
