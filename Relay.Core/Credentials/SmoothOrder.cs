using System.Collections.Immutable;

namespace Relay.Core.Credentials;

/// <summary>
/// Takes turns by weight, evenly spread: of weights 2, 1 and 1 the order is a b c a, not a a b c (the smooth weighted round-robin of
/// nginx). One whole cycle is made at once, so that whoever takes turns needs a counter and no lock. Pure.
/// </summary>
public static class SmoothOrder
{
    /// <summary>The largest weight: 100. So a cycle has at most 6,400 turns.</summary>
    public const int MaxWeight = 100;

    /// <summary>The most that can take turns: 64.</summary>
    public const int MaxCount = 64;

    /// <summary>One cycle of turns.</summary>
    /// <param name="weights">The weights, from 0 to <see cref="MaxWeight"/>. One of 0 has turns only where all others are left out.</param>
    /// <param name="among">A bit for each that takes part, the lowest for the first.</param>
    /// <returns>Indices into <paramref name="weights"/>, each as often as its weight says; empty when none takes part.</returns>
    public static ImmutableArray<byte> Cycle(ReadOnlySpan<int> weights, ulong among)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weights.Length, MaxCount);
        Span<int> shares = stackalloc int[weights.Length];
        var total = Fill(shares, weights, among);
        var cycle = ImmutableArray.CreateBuilder<byte>(total);
        Span<int> current = stackalloc int[weights.Length];
        for (var turn = 0; turn < total; turn++)
        {
            var best = -1;
            for (var i = 0; i < shares.Length; i++)
            {
                current[i] += shares[i];
                if (shares[i] > 0 && (best < 0 || current[i] > current[best]))
                {
                    best = i;
                }
            }

            current[best] -= total;
            cycle.Add((byte)best);
        }

        return cycle.MoveToImmutable();
    }

    /// <summary>The shares in lowest terms, and their sum.</summary>
    private static int Fill(Span<int> shares, ReadOnlySpan<int> weights, ulong among)
    {
        var (total, divisor) = (0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            shares[i] = (among & (1UL << i)) != 0 ? weights[i] : 0;
            total += shares[i];
            divisor = GreatestCommonDivisor(divisor, shares[i]);
        }

        if (total > 0)
        {
            foreach (ref var share in shares)
            {
                share /= divisor;
            }

            return total / divisor;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            shares[i] = (among & (1UL << i)) != 0 ? 1 : 0;
            total += shares[i];
        }

        return total;
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
