namespace Relay.Core.Latency;

/// <summary>A slice of counters: all zero (no array), or one number for each counter.</summary>
internal sealed class CounterSlice : ISlice<CounterSlice>
{
    private readonly long[] _values;

    /// <summary>Takes ownership of the array.</summary>
    public CounterSlice(long[] values) => _values = values;

    /// <inheritdoc/>
    public static CounterSlice Empty { get; } = new([]);

    /// <summary>True for the slice in which nothing was counted.</summary>
    public bool IsEmpty => _values.Length == 0;

    /// <inheritdoc/>
    public static CounterSlice Merge(CounterSlice a, CounterSlice b) => MergeAll([a, b]);

    /// <inheritdoc/>
    public static CounterSlice MergeAll(ReadOnlySpan<CounterSlice> all)
    {
        var only = Empty;
        long[]? sums = null;
        foreach (var slice in all)
        {
            if (slice.IsEmpty)
            {
                continue;
            }

            if (only.IsEmpty)
            {
                only = slice;
                continue;
            }

            sums ??= [.. only._values];
            slice.AddTo(sums);
        }

        return sums is null ? only : new CounterSlice(sums);
    }

    /// <summary>Adds each counter to its place.</summary>
    public void AddTo(Span<long> sums)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            sums[i] = Saturating.Add(sums[i], _values[i]);
        }
    }

    /// <summary>A fresh array with one number for each counter.</summary>
    public long[] ToArray(int width)
    {
        var sums = new long[width];
        AddTo(sums);
        return sums;
    }
}
