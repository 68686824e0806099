using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <summary>What is asked of a heat-map.</summary>
/// <param name="Metric">The distribution.</param>
/// <param name="Window">The window.</param>
/// <param name="Step">Wanted length of a column, above zero.</param>
public readonly record struct HeatmapSelection(HeatmapMetric Metric, Window Window, TimeSpan Step);

/// <summary>How a distribution moved: columns of time, rows of values.</summary>
/// <param name="Metric">The distribution.</param>
/// <param name="Window">The window.</param>
/// <param name="Step">The length of a column that was used: the wanted one rounded up to whole slices.</param>
/// <param name="GeneratedAt">When it was put together, UTC.</param>
/// <param name="Bounds">
/// The upper ends of the rows, rising, in the metric's unit; at most <see cref="HeatmapRows.Max"/>, none when nothing happened. Row i holds
/// the values above bound i-1 and up to bound i.
/// </param>
/// <param name="Columns">Oldest first, without gaps.</param>
public sealed record HeatmapReport(
    HeatmapMetric Metric, Window Window, TimeSpan Step, DateTimeOffset GeneratedAt, IReadOnlyList<decimal> Bounds, IReadOnlyList<HeatmapColumn> Columns);

/// <summary>One step of a heat-map.</summary>
/// <param name="Start">Its start, UTC.</param>
/// <param name="End">Its end, UTC; of the last one, now.</param>
/// <param name="Counts">How many values fell into each row; as many as there are bounds, or none when nothing happened.</param>
public sealed record HeatmapColumn(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<long> Counts);
