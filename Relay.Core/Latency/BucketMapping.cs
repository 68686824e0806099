using System.Numerics;
using System.Runtime.CompilerServices;

namespace Relay.Core.Latency;

/// <summary>
/// The one bucket layout of every latency histogram: log-linear over 1 µs to 1 h, after HdrHistogram.
/// Up to 127 µs each value has its own bucket; from there each octave is cut into 64 equal buckets, so that a bucket's
/// representative is at most 1/128 (0.78 %) away from any value in it.
/// </summary>
/// <remarks>
/// The layout is part of what is stored and sent (<see cref="HistogramSnapshot"/> holds bucket indices): changing it
/// makes old and new histograms unmergeable.
/// </remarks>
public static class BucketMapping
{
    /// <summary>The smallest value that is told apart, in microseconds: 1 µs. Anything below counts as this.</summary>
    public const long MinMicros = 1;

    /// <summary>The largest value that is told apart, in microseconds: 1 h. Anything above counts as this.</summary>
    public const long MaxMicros = 3_600_000_000;

    /// <summary>How many buckets there are: 1707, indices 0 to 1706.</summary>
    public const int BucketCount = (TopShift << SubBucketBits) + (int)(MaxMicros >> TopShift);

    /// <summary>The bound on |representative - value| / value for every value in range: 1/128. The contract is 1 %.</summary>
    public const double MaxRelativeError = 1.0 / (2 * SubBuckets);

    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    /// <summary>log2(1 h in µs) is 31: the last octave has buckets of 2^25 µs (34 s).</summary>
    private const int TopShift = 31 - SubBucketBits;

    /// <summary>The value that is recorded for <paramref name="micros"/>: itself, or the nearest bound when out of range.</summary>
    /// <param name="micros">Microseconds; any value.</param>
    public static long Clamp(long micros) => Math.Clamp(micros, MinMicros, MaxMicros);

    /// <summary>True when <paramref name="micros"/> lies outside 1 µs to 1 h, so that <see cref="IndexOf(long)"/> gives the first or last bucket only as the nearest one.</summary>
    /// <param name="micros">Microseconds; any value.</param>
    public static bool IsClamped(long micros) => micros is < MinMicros or > MaxMicros;

    /// <summary>The bucket of a value. Monotone; out of range gives the first or the last bucket (<see cref="IsClamped"/> tells).</summary>
    /// <param name="micros">Microseconds; any value.</param>
    /// <returns>0 to <see cref="BucketCount"/> - 1.</returns>
    public static int IndexOf(long micros) => IndexOfClamped(Clamp(micros));

    /// <summary>The smallest value of a bucket, in microseconds (inclusive).</summary>
    /// <param name="index">0 to <see cref="BucketCount"/> - 1.</param>
    public static long LowerBound(int index)
    {
        CheckIndex(index);
        return Lower(index);
    }

    /// <summary>The largest value of a bucket, in microseconds (inclusive); the next bucket starts one above. The last one's is 1 h.</summary>
    /// <param name="index">0 to <see cref="BucketCount"/> - 1.</param>
    public static long UpperBound(int index)
    {
        CheckIndex(index);
        return index == BucketCount - 1 ? MaxMicros : Lower(index + 1) - 1;
    }

    /// <summary>The value that stands for all of a bucket, in microseconds: its midpoint, so within <see cref="MaxRelativeError"/> of each of its values.</summary>
    /// <param name="index">0 to <see cref="BucketCount"/> - 1.</param>
    public static long Representative(int index)
    {
        var lower = LowerBound(index);
        return lower + ((UpperBound(index) - lower) / 2);
    }

    /// <summary>The bucket of a value that is in range already. No branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexOfClamped(long micros)
    {
        // "| SubBuckets" makes the first octave start at 0, where the buckets are 1 µs wide as well.
        var shift = BitOperations.Log2((ulong)micros | SubBuckets) - SubBucketBits;
        return (shift << SubBucketBits) + (int)(micros >> shift) - 1;
    }

    private static long Lower(int index)
    {
        // The inverse: code = shift * 64 + mantissa, where the mantissa is 64 to 127 (below that, shift is 0).
        var code = index + 1;
        var shift = Math.Max(0, (code >> SubBucketBits) - 1);
        return (long)(code - (shift << SubBucketBits)) << shift;
    }

    private static void CheckIndex(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, BucketCount);
    }
}
