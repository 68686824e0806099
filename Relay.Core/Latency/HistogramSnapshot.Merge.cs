namespace Relay.Core.Latency;

/// <content>Making snapshots: from other snapshots, and from what was stored or sent.</content>
public sealed partial class HistogramSnapshot
{
    /// <summary>The distribution of all values of both. Associative, commutative; <see cref="Empty"/> is the identity.</summary>
    /// <param name="a">Any snapshot.</param>
    /// <param name="b">Any snapshot.</param>
    public static HistogramSnapshot Merge(HistogramSnapshot a, HistogramSnapshot b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.IsEmpty)
        {
            return b;
        }

        if (b.IsEmpty)
        {
            return a;
        }

        var indices = new ushort[CountUnion(a._indices, b._indices)];
        var counts = new long[indices.Length];
        var (i, j) = (0, 0);
        for (var k = 0; k < indices.Length; k++)
        {
            var left = i < a._indices.Length ? a._indices[i] : int.MaxValue;
            var right = j < b._indices.Length ? b._indices[j] : int.MaxValue;
            indices[k] = (ushort)Math.Min(left, right);
            counts[k] = Saturating.Add(left <= right ? a._counts[i++] : 0, right <= left ? b._counts[j++] : 0);
        }

        return new HistogramSnapshot(
            indices,
            counts,
            Saturating.Add(a.Count, b.Count),
            Saturating.Add(a.SumMicros, b.SumMicros),
            Math.Min(a.MinMicros, b.MinMicros),
            Math.Max(a.MaxMicros, b.MaxMicros));
    }

    /// <summary>The distribution of all values of all snapshots; equal to merging them two by two, but in one pass over a dense array.</summary>
    /// <param name="all">Any number, none included.</param>
    public static HistogramSnapshot MergeAll(ReadOnlySpan<HistogramSnapshot> all)
    {
        HistogramSnapshot? only = null;
        HistogramBuffer? buffer = null;
        foreach (var snapshot in all)
        {
            if (snapshot.IsEmpty)
            {
                continue;
            }

            if (only is null)
            {
                only = snapshot;
                continue;
            }

            if (buffer is null)
            {
                buffer = new HistogramBuffer();
                buffer.MergeFrom(only);
            }

            buffer.MergeFrom(snapshot);
        }

        return buffer?.Drain() ?? only ?? Empty;
    }

    /// <summary>Rebuilds a snapshot from its parts, as stored or received, checking all that can be checked.</summary>
    /// <param name="indices">Bucket indices, strictly ascending, below <see cref="BucketMapping.BucketCount"/>.</param>
    /// <param name="counts">One positive count for each index.</param>
    /// <param name="sumMicros">Sum of the values, microseconds; not below what the buckets allow.</param>
    /// <param name="minMicros">Smallest value, microseconds; lies in the first bucket. 0 when there is none.</param>
    /// <param name="maxMicros">Largest value, microseconds; lies in the last bucket. 0 when there is none.</param>
    /// <returns>Null when the parts do not fit together.</returns>
    public static HistogramSnapshot? TryCreate(ReadOnlySpan<ushort> indices, ReadOnlySpan<long> counts, long sumMicros, long minMicros, long maxMicros)
    {
        if (indices.Length != counts.Length)
        {
            return null;
        }

        if (indices.IsEmpty)
        {
            return sumMicros == 0 && minMicros == 0 && maxMicros == 0 ? Empty : null;
        }

        var (count, low, high) = (0L, 0L, 0L);
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] >= BucketMapping.BucketCount || (i > 0 && indices[i] <= indices[i - 1]) || counts[i] <= 0)
            {
                return null;
            }

            count = Saturating.Add(count, counts[i]);
            low = Saturating.Add(low, Saturating.Multiply(counts[i], BucketMapping.LowerBound(indices[i])));
            high = Saturating.Add(high, Saturating.Multiply(counts[i], BucketMapping.UpperBound(indices[i])));
        }

        var fits = IsIn(indices[0], minMicros) && IsIn(indices[^1], maxMicros) && minMicros <= maxMicros && sumMicros >= low && sumMicros <= high;
        return fits ? new HistogramSnapshot(indices.ToArray(), counts.ToArray(), count, sumMicros, minMicros, maxMicros) : null;
    }

    private static bool IsIn(int index, long micros) => !BucketMapping.IsClamped(micros) && BucketMapping.IndexOf(micros) == index;

    private static int CountUnion(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        var (i, j, union) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            var (left, right) = (a[i], b[j]);
            i += left <= right ? 1 : 0;
            j += right <= left ? 1 : 0;
            union++;
        }

        return union + (a.Length - i) + (b.Length - j);
    }
}
