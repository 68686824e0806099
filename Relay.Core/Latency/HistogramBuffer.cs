using System.Numerics;

namespace Relay.Core.Latency;

/// <summary>
/// The mutable recorder behind every histogram: dense counts and a bit set of the buckets in use, so that recording costs a
/// few nanoseconds and no allocation, and draining walks only what was touched. Fixed size, about 14 KB
/// (<see cref="Bytes"/>). Not thread-safe: the owner locks.
/// </summary>
public sealed class HistogramBuffer
{
    /// <summary>The memory of one buffer, in bytes, whatever it holds.</summary>
    public const int Bytes = 64 + (24 + (BucketMapping.BucketCount * sizeof(long))) + (24 + (Words * sizeof(ulong)));

    private const int Words = (BucketMapping.BucketCount + 63) / 64;

    private readonly long[] _counts = new long[BucketMapping.BucketCount];
    private readonly ulong[] _touched = new ulong[Words];
    private long _count;
    private long _sum;
    private long _min = long.MaxValue;
    private long _max;

    /// <summary>How many values were recorded since the last drain.</summary>
    public long Count => _count;

    /// <summary>Records one value.</summary>
    /// <param name="micros">Microseconds; out of 1 µs to 1 h it counts as the nearest bound.</param>
    public void Record(long micros) => RecordClamped(BucketMapping.Clamp(micros), 1);

    /// <summary>Records the same value <paramref name="times"/> times.</summary>
    /// <param name="micros">Microseconds; out of 1 µs to 1 h it counts as the nearest bound.</param>
    /// <param name="times">0 or more; 0 records nothing.</param>
    public void RecordCount(long micros, long times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        if (times > 0)
        {
            RecordClamped(BucketMapping.Clamp(micros), times);
        }
    }

    /// <summary>Adds all values of a snapshot.</summary>
    /// <param name="snapshot">Any snapshot.</param>
    public void MergeFrom(HistogramSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.IsEmpty)
        {
            return;
        }

        var indices = snapshot.BucketIndices;
        var counts = snapshot.BucketCounts;
        for (var i = 0; i < indices.Length; i++)
        {
            AddToBucket(indices[i], counts[i]);
        }

        AddTotals(snapshot.Count, snapshot.SumMicros, snapshot.MinMicros, snapshot.MaxMicros);
    }

    /// <summary>What was recorded since the last drain; the buffer keeps it.</summary>
    public HistogramSnapshot ToSnapshot()
    {
        if (_count == 0)
        {
            return HistogramSnapshot.Empty;
        }

        var used = 0;
        foreach (var word in _touched)
        {
            used += BitOperations.PopCount(word);
        }

        var indices = new ushort[used];
        var counts = new long[used];
        var next = 0;
        for (var word = 0; word < Words; word++)
        {
            for (var bits = _touched[word]; bits != 0; bits &= bits - 1)
            {
                var index = (word << 6) + BitOperations.TrailingZeroCount(bits);
                indices[next] = (ushort)index;
                counts[next++] = _counts[index];
            }
        }

        return new HistogramSnapshot(indices, counts, _count, _sum, _min, _max);
    }

    /// <summary>What was recorded since the last drain together with another's values; as merging the two, but in one pass. The buffer keeps its own.</summary>
    /// <param name="other">Any snapshot.</param>
    public HistogramSnapshot ToSnapshotWith(HistogramSnapshot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_count == 0 || other.IsEmpty)
        {
            return _count == 0 ? other : ToSnapshot();
        }

        var theirs = other.BucketIndices;
        var theirCounts = other.BucketCounts;
        var used = theirs.Length;
        foreach (var word in _touched)
        {
            used += BitOperations.PopCount(word);
        }

        foreach (var index in theirs)
        {
            used -= (int)(_touched[index >> 6] >> index) & 1;
        }

        var indices = new ushort[used];
        var counts = new long[used];
        var (next, their) = (0, 0);
        for (var word = 0; word < Words; word++)
        {
            for (var bits = _touched[word]; bits != 0; bits &= bits - 1)
            {
                var index = (word << 6) + BitOperations.TrailingZeroCount(bits);
                for (; their < theirs.Length && theirs[their] < index; their++)
                {
                    (indices[next], counts[next++]) = (theirs[their], theirCounts[their]);
                }

                var isShared = their < theirs.Length && theirs[their] == index;
                (indices[next], counts[next++]) = ((ushort)index, isShared ? Saturating.Add(_counts[index], theirCounts[their++]) : _counts[index]);
            }
        }

        theirs[their..].CopyTo(indices.AsSpan(next));
        theirCounts[their..].CopyTo(counts.AsSpan(next));
        return new HistogramSnapshot(
            indices, counts, Saturating.Add(_count, other.Count), Saturating.Add(_sum, other.SumMicros), Math.Min(_min, other.MinMicros), Math.Max(_max, other.MaxMicros));
    }

    /// <summary>Takes what was recorded since the last drain, and starts again from nothing.</summary>
    public HistogramSnapshot Drain()
    {
        var snapshot = ToSnapshot();
        foreach (var index in snapshot.BucketIndices)
        {
            _counts[index] = 0;
        }

        Array.Clear(_touched);
        (_count, _sum, _min, _max) = (0, 0, long.MaxValue, 0);
        return snapshot;
    }

    private void RecordClamped(long micros, long times)
    {
        AddToBucket(BucketMapping.IndexOfClamped(micros), times);
        AddTotals(times, Saturating.Multiply(micros, times), micros, micros);
    }

    private void AddToBucket(int index, long times)
    {
        ref var count = ref _counts[index];
        count = Saturating.Add(count, times);
        _touched[index >> 6] |= 1UL << index;
    }

    private void AddTotals(long count, long sum, long min, long max)
    {
        _count = Saturating.Add(_count, count);
        _sum = Saturating.Add(_sum, sum);
        _min = Math.Min(_min, min);
        _max = Math.Max(_max, max);
    }
}
