using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <summary>A distribution in figures with three decimals: milliseconds of what was recorded in microseconds, tokens per second of thousandths.</summary>
/// <param name="P50">Median, within 1 %, as all percentiles.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Avg">Mean, exact.</param>
/// <param name="Min">Smallest, exact.</param>
/// <param name="Max">Largest, exact.</param>
public sealed record DistributionFigures(decimal P50, decimal P90, decimal P95, decimal P99, decimal Avg, decimal Min, decimal Max)
{
    private const int Decimals = 3;

    /// <summary>Microseconds in a millisecond; <see cref="Relay.Silo.Grains.TokenRate.UnitsPerTokenPerSecond"/>.</summary>
    private const int RecordedPerShown = 1_000;

    /// <summary>Of the percentiles, in their order.</summary>
    private static ReadOnlySpan<double> Shares => [0.50, 0.90, 0.95, 0.99];

    /// <summary>The figures of a distribution; null when it is empty.</summary>
    public static DistributionFigures? From(HistogramSnapshot histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (histogram.IsEmpty)
        {
            return null;
        }

        Span<long> values = stackalloc long[Shares.Length];
        histogram.Quantiles(Shares, values);
        return new(
            Shown(values[0]),
            Shown(values[1]),
            Shown(values[2]),
            Shown(values[3]),
            Math.Round((decimal)histogram.SumMicros / histogram.Count / RecordedPerShown, Decimals),
            Shown(histogram.MinMicros),
            Shown(histogram.MaxMicros));
    }

    private static decimal Shown(long recorded) => (decimal)recorded / RecordedPerShown;
}
