using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <summary>A latency distribution in figures, all in milliseconds with three decimals.</summary>
/// <param name="P50">Median, within 1 %, as all percentiles.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Avg">Mean, exact.</param>
/// <param name="Min">Smallest, exact.</param>
/// <param name="Max">Largest, exact.</param>
public sealed record LatencyFigures(decimal P50, decimal P90, decimal P95, decimal P99, decimal Avg, decimal Min, decimal Max)
{
    private const int Decimals = 3;

    /// <summary>The figures of a distribution; null when it is empty.</summary>
    public static LatencyFigures? From(HistogramSnapshot histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return histogram.IsEmpty
            ? null
            : new(
                Percentile(histogram, 0.50),
                Percentile(histogram, 0.90),
                Percentile(histogram, 0.95),
                Percentile(histogram, 0.99),
                Math.Round((decimal)histogram.SumMicros / histogram.Count / 1_000, Decimals),
                Milliseconds(histogram.MinMicros),
                Milliseconds(histogram.MaxMicros));
    }

    private static decimal Percentile(HistogramSnapshot histogram, double q) => Milliseconds(histogram.Quantile(q)!.Value);

    private static decimal Milliseconds(long micros) => micros / 1_000m;
}
