using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <summary>
/// The rows of a heat-map: the same for all of its columns, from the smallest to the largest value of any, each octave cut into 8, 4, 2 or 1
/// equal rows, as finely as <see cref="Max"/> rows allow. Rows end where buckets of the histograms end, so that no bucket lies in two rows.
/// </summary>
public sealed class HeatmapRows
{
    /// <summary>The most rows.</summary>
    public const int Max = 40;

    /// <summary>Of what is recorded (microseconds, thousandths of a token per second), in one of what is shown.</summary>
    private const int RecordedPerShown = 1_000;

    private readonly long[] _ends;

    private HeatmapRows(long[] ends) => _ends = ends;

    /// <summary>The upper ends of the rows, rising, in the unit that is shown.</summary>
    public IReadOnlyList<decimal> Bounds => [.. _ends.Select(end => (decimal)end / RecordedPerShown)];

    /// <summary>The rows that hold all of these.</summary>
    public static HeatmapRows Of(IEnumerable<HistogramSnapshot> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var (least, most) = (long.MaxValue, 0L);
        foreach (var column in columns)
        {
            if (!column.IsEmpty)
            {
                least = Math.Min(least, BucketMapping.LowerBound(column.BucketIndices[0]));
                most = Math.Max(most, BucketMapping.UpperBound(column.BucketIndices[^1]));
            }
        }

        if (most == 0)
        {
            return new([]);
        }

        foreach (var perOctave in (ReadOnlySpan<int>)[8, 4, 2])
        {
            if (Ends(perOctave, least, most) is { Count: <= Max } ends)
            {
                return new([.. ends]);
            }
        }

        // The histograms' range is 32 octaves: one row each always fits.
        return new([.. Ends(1, least, most)]);
    }

    /// <summary>How many values fell into each row; none when there were no values.</summary>
    public IReadOnlyList<long> Count(HistogramSnapshot column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.IsEmpty)
        {
            return [];
        }

        var counts = new long[_ends.Length];
        var row = 0;
        foreach (var bucket in column.Buckets())
        {
            while (_ends[row] < bucket.UpperMicros)
            {
                row++;
            }

            counts[row] = MeterSum.Add(counts[row], bucket.Count);
        }

        return counts;
    }

    /// <summary>The ends of the rows that are needed to hold least to most, both inclusive.</summary>
    private static List<long> Ends(int perOctave, long least, long most)
    {
        var ends = new List<long>();
        var before = 0L;
        for (var octave = 1L; before < most; octave *= 2)
        {
            for (var part = 1; part <= perOctave && before < most; part++)
            {
                // Inclusive: the next row begins one above. Below 8 an octave has fewer values than parts.
                var end = Math.Min(octave + (octave * part / perOctave) - 1, BucketMapping.MaxMicros);
                if (end >= least && end > before)
                {
                    ends.Add(end);
                }

                before = Math.Max(before, end);
            }
        }

        return ends;
    }
}
