using System.Numerics;

namespace Relay.Core.Slow;

/// <summary>
/// Quantiles of durations where old ones count for less and less: forward decay (Cormode et al., 2009) over fixed buckets, eight to an
/// octave from 64 µs to over an hour, so that a quantile is within 7 %. Not thread-safe.
/// </summary>
public sealed class DecayedHistogram(TimeSpan halfLife)
{
    private const int SubBits = 3;
    private const int FirstOctave = 6;
    private const int LastOctave = 32;
    private const int Buckets = (LastOctave - FirstOctave) << SubBits;

    /// <summary>Weights grow until they are scaled back at this.</summary>
    private const double MaxGrowth = 1e12;

    private readonly double[] _weights = new double[Buckets];
    private double _total;
    private TimeSpan _origin;

    /// <summary>How many were added in all, up to a billion.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan value, TimeSpan now)
    {
        if (Count == 0)
        {
            _origin = now;
        }

        var growth = Math.Pow(2, (now - _origin) / halfLife);
        if (growth > MaxGrowth)
        {
            Rescale(growth);
            _origin = now;
            growth = 1;
        }

        _weights[IndexOf(value)] += growth;
        _total += growth;
        Count = Math.Min(Count + 1, 1_000_000_000);
    }

    /// <summary>The value that this share of all weight is not above; zero when there is none.</summary>
    public TimeSpan Quantile(double share)
    {
        var left = share * _total;
        var found = -1;
        for (var i = 0; i < Buckets && (left > 0 || found < 0); i++)
        {
            left -= _weights[i];
            found = _weights[i] > 0 ? i : found;
        }

        // Rounding can leave a little at the end: then the last one is meant.
        return found < 0 ? TimeSpan.Zero : Middle(found);
    }

    /// <summary>Another one with the same content.</summary>
    public DecayedHistogram Clone()
    {
        var clone = new DecayedHistogram(halfLife) { _total = _total, _origin = _origin, Count = Count };
        _weights.CopyTo(clone._weights, 0);
        return clone;
    }

    private void Rescale(double growth)
    {
        _total = 0;
        for (var i = 0; i < Buckets; i++)
        {
            // What is left of a bucket that nothing came to for 40 half-lives is nothing.
            _weights[i] = _weights[i] / growth is > 1e-12 and var weight ? weight : 0;
            _total += _weights[i];
        }
    }

    private static int IndexOf(TimeSpan value)
    {
        var micros = (ulong)Math.Clamp(value.Ticks / TimeSpan.TicksPerMicrosecond, 1L << FirstOctave, (1L << LastOctave) - 1);
        var octave = BitOperations.Log2(micros);
        return ((octave - FirstOctave) << SubBits) + (int)((micros >> (octave - SubBits)) & ((1 << SubBits) - 1));
    }

    private static TimeSpan Middle(int index)
    {
        var (octave, sub) = (FirstOctave + (index >> SubBits), index & ((1 << SubBits) - 1));
        var halves = (2 * ((1L << SubBits) + sub)) + 1;
        return TimeSpan.FromTicks((halves << (octave - SubBits)) * TimeSpan.TicksPerMicrosecond / 2);
    }
}
