namespace Relay.Core.Latency;

/// <summary>
/// An immutable latency distribution: the non-empty buckets of <see cref="BucketMapping"/>, with the exact count, sum,
/// minimum and maximum. Merging is associative and commutative with <see cref="Empty"/> as identity, so that shards,
/// processes and time slices may be merged in any order; equality is by content.
/// </summary>
/// <remarks>Counts and sums stop at <see cref="long.MaxValue"/> instead of overflowing. Values out of range count as the nearest bound (1 µs or 1 h).</remarks>
public sealed partial class HistogramSnapshot : IEquatable<HistogramSnapshot>, ISlice<HistogramSnapshot>
{
    /// <summary>The memory of a snapshot in which every bucket is used: about 17 KB.</summary>
    public const int MaxBytes = FixedBytes + (BucketMapping.BucketCount * BytesPerBucket);

    // On 64 bits: this object 64 bytes, two array headers of 24 and at most 8 of padding.
    private const int FixedBytes = 64 + 24 + 24 + 8;
    private const int BytesPerBucket = sizeof(ushort) + sizeof(long);

    private readonly ushort[] _indices;
    private readonly long[] _counts;

    /// <summary>Takes ownership of the arrays: ascending indices, positive counts.</summary>
    internal HistogramSnapshot(ushort[] indices, long[] counts, long count, long sumMicros, long minMicros, long maxMicros)
    {
        _indices = indices;
        _counts = counts;
        Count = count;
        SumMicros = sumMicros;
        MinMicros = minMicros;
        MaxMicros = maxMicros;
    }

    /// <summary>The distribution of nothing.</summary>
    public static HistogramSnapshot Empty { get; } = new([], [], 0, 0, 0, 0);

    /// <summary>How many values were recorded.</summary>
    public long Count { get; }

    /// <summary>The exact sum of the values, in microseconds.</summary>
    public long SumMicros { get; }

    /// <summary>The exact smallest value, in microseconds; 0 when empty.</summary>
    public long MinMicros { get; }

    /// <summary>The exact largest value, in microseconds; 0 when empty.</summary>
    public long MaxMicros { get; }

    /// <summary>True when nothing was recorded.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>True when a value of 1 h or more was recorded: figures near the maximum are then lower bounds.</summary>
    public bool ReachedLimit => MaxMicros == BucketMapping.MaxMicros;

    /// <summary>The exact mean, in microseconds; null when empty.</summary>
    public double? AverageMicros => IsEmpty ? null : (double)SumMicros / Count;

    /// <summary>Indices of the non-empty buckets (<see cref="BucketMapping"/>), strictly ascending.</summary>
    public ReadOnlySpan<ushort> BucketIndices => _indices;

    /// <summary>Counts of the non-empty buckets, each at least 1, in the order of <see cref="BucketIndices"/>.</summary>
    public ReadOnlySpan<long> BucketCounts => _counts;

    /// <summary>The memory this snapshot holds, in bytes, as laid out on 64 bits.</summary>
    public int ApproximateBytes => FixedBytes + (_indices.Length * BytesPerBucket);

    /// <summary>The non-empty buckets in ascending order, for heat maps.</summary>
    public IEnumerable<HistogramBucket> Buckets()
    {
        for (var i = 0; i < _indices.Length; i++)
        {
            yield return new HistogramBucket(BucketMapping.LowerBound(_indices[i]), BucketMapping.UpperBound(_indices[i]), _counts[i]);
        }
    }

    /// <summary>
    /// The nearest-rank quantile, in microseconds: the value at rank ceil(q * count) of the sorted values, within 1 %.
    /// It never lies outside <see cref="MinMicros"/> to <see cref="MaxMicros"/>, and q = 0 and 1 are exactly these.
    /// </summary>
    /// <param name="q">0 to 1; 0.99 asks for p99.</param>
    /// <returns>Null when empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0 to 1.</exception>
    public long? Quantile(double q)
    {
        if (!(q >= 0 && q <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(q), q, "A quantile is asked for with 0 to 1.");
        }

        if (IsEmpty)
        {
            return null;
        }

        Span<long> values = stackalloc long[1];
        Quantiles([q], values);
        return values[0];
    }

    /// <summary>Several nearest-rank quantiles, as <see cref="Quantile"/>, in one pass.</summary>
    /// <param name="qs">0 to 1 each, ascending.</param>
    /// <param name="into">As many values, in microseconds; zeros when empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not within 0 to 1, or below the one before it.</exception>
    public void Quantiles(ReadOnlySpan<double> qs, Span<long> into)
    {
        var (seen, i, before) = (0L, -1, 0.0);
        for (var k = 0; k < qs.Length; k++)
        {
            if (!(qs[k] >= before && qs[k] <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(qs), qs[k], "Quantiles are asked for with 0 to 1, ascending.");
            }

            before = qs[k];
            var rank = Rank(qs[k]);
            if (rank <= 1 || rank == Count)
            {
                into[k] = rank <= 1 ? MinMicros : MaxMicros;
                continue;
            }

            while (seen < rank)
            {
                seen = Saturating.Add(seen, _counts[++i]);
            }

            into[k] = Math.Clamp(BucketMapping.Representative(_indices[i]), MinMicros, MaxMicros);
        }
    }

    /// <summary>Decimal, because 0.07 * 100 is 7.000000000000001 in binary, which would be rank 8.</summary>
    private long Rank(double q) => IsEmpty ? 0 : Math.Clamp((long)decimal.Ceiling((decimal)q * Count), 1, Count);

    /// <summary>
    /// How many values are at most <paramref name="micros"/>, for cumulative buckets such as Prometheus's <c>le</c>.
    /// A bucket counts as a whole, by its representative, so values within 1 % of the bound may fall on either side. Monotone in
    /// <paramref name="micros"/>; exact below 128 µs, below the minimum and from the maximum on.
    /// </summary>
    /// <param name="micros">Microseconds; any value.</param>
    public long CountAtOrBelow(long micros)
    {
        if (micros >= MaxMicros)
        {
            return Count;
        }

        if (micros < MinMicros)
        {
            return 0;
        }

        var seen = 0L;
        for (var i = 0; i < _indices.Length && BucketMapping.Representative(_indices[i]) <= micros; i++)
        {
            seen = Saturating.Add(seen, _counts[i]);
        }

        // The minimum is at or below the bound, and the maximum above it, whatever their buckets say.
        return Math.Clamp(seen, 1, Count - 1);
    }

    /// <inheritdoc/>
    public bool Equals(HistogramSnapshot? other) =>
        other is not null
        && Count == other.Count
        && SumMicros == other.SumMicros
        && MinMicros == other.MinMicros
        && MaxMicros == other.MaxMicros
        && _indices.AsSpan().SequenceEqual(other._indices)
        && _counts.AsSpan().SequenceEqual(other._counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HistogramSnapshot);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, SumMicros, MinMicros, MaxMicros, _indices.Length);
}
