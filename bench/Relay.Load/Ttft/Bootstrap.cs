namespace Relay.Load.Ttft;

/// <summary>
/// How far a difference of quantiles can be trusted: the pairs are drawn again, with replacement, many times, and the difference is taken
/// of each draw. Pairs are drawn in blocks, since what disturbs a machine disturbs neighbours together (moving block bootstrap,
/// Künsch 1989).
/// </summary>
internal static class Bootstrap
{
    /// <summary>Draws: 2,000.</summary>
    public const int Draws = 2_000;

    /// <summary>Neighbours that are drawn together: 20 pairs.</summary>
    public const int Block = 20;

    /// <summary>The quantile of b less that of a, with the bounds between which 95 % of the draws are.</summary>
    /// <param name="a">Values of the first.</param>
    /// <param name="b">Values of the second; the one at an index was measured beside that of a.</param>
    /// <param name="q">The quantile.</param>
    /// <param name="random">Draws the blocks.</param>
    public static Interval Difference(ReadOnlySpan<long> a, ReadOnlySpan<long> b, double q, Random random)
    {
        if (a.Length != b.Length || a.Length == 0)
        {
            throw new ArgumentException("Each value needs its partner.", nameof(b));
        }

        var (drawnA, drawnB) = (new long[a.Length], new long[a.Length]);
        var differences = new long[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            var filled = 0;
            while (filled < a.Length)
            {
                var from = random.Next(Math.Max(1, a.Length - Block + 1));
                var length = Math.Min(Math.Min(Block, a.Length - from), a.Length - filled);
                a.Slice(from, length).CopyTo(drawnA.AsSpan(filled));
                b.Slice(from, length).CopyTo(drawnB.AsSpan(filled));
                filled += length;
            }

            differences[draw] = Quantile(drawnB, q) - Quantile(drawnA, q);
        }

        return new(Quantile(b, q) - Quantile(a, q), Quantile(differences, 0.025), Quantile(differences, 0.975));
    }

    /// <summary>The smallest value that a share of all values is not over.</summary>
    public static long Quantile(ReadOnlySpan<long> values, double q)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * q) - 1)];
    }
}

/// <summary>A figure and where it may be.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">2.5 % of the draws are below.</param>
/// <param name="High">2.5 % of the draws are above.</param>
internal readonly record struct Interval(long Value, long Low, long High);
