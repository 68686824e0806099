using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <summary>What is asked of a time series.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Window">The window.</param>
/// <param name="Step">Wanted length of a point, above zero.</param>
public readonly record struct SeriesSelection(SeriesMetric Metric, Window Window, TimeSpan Step);

/// <summary>One figure along a window.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Window">The window.</param>
/// <param name="Step">The length of a point that was used: the wanted one rounded up to whole slices.</param>
/// <param name="GeneratedAt">When it was put together, UTC.</param>
/// <param name="Points">Oldest first, without gaps.</param>
public sealed record SeriesReport(SeriesMetric Metric, Window Window, TimeSpan Step, DateTimeOffset GeneratedAt, IReadOnlyList<SeriesValue> Points);

/// <summary>One step of a series.</summary>
/// <param name="Start">Its start, UTC.</param>
/// <param name="End">Its end, UTC; of the last one, now.</param>
/// <param name="Value">Its value; null where there is nothing to tell it from.</param>
public readonly record struct SeriesValue(DateTimeOffset Start, DateTimeOffset End, decimal? Value);
