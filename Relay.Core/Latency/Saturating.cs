namespace Relay.Core.Latency;

/// <summary>Addition that stops at <see cref="long.MaxValue"/>: a counter that is full must not turn negative, and statistics must not throw.</summary>
internal static class Saturating
{
    /// <summary>The sum of two non-negative numbers, at most <see cref="long.MaxValue"/>. Associative and commutative.</summary>
    public static long Add(long a, long b)
    {
        var sum = unchecked(a + b);
        return sum < 0 ? long.MaxValue : sum;
    }

    /// <summary>The product of two non-negative numbers, at most <see cref="long.MaxValue"/>.</summary>
    public static long Multiply(long a, long b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high != 0 || low < 0 ? long.MaxValue : low;
    }
}
