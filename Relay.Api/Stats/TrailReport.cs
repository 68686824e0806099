using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <summary>How every model and target went along a window, in a few figures each: what small pictures are drawn from.</summary>
/// <param name="Window">The window.</param>
/// <param name="Step">The length of a point: one slice of the window.</param>
/// <param name="Start">The start of the first point, UTC, on a multiple of the step.</param>
/// <param name="GeneratedAt">When it was put together, UTC; the end of the last point.</param>
/// <param name="Models">The models, in the order of their names.</param>
/// <param name="Targets">The targets, in the order in which the models name them first.</param>
public sealed record TrailReport(
    Window Window, TimeSpan Step, DateTimeOffset Start, DateTimeOffset GeneratedAt, IReadOnlyList<Trail> Models, IReadOnlyList<Trail> Targets);

/// <summary>One model's or target's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">One for each step, all trails the same steps.</param>
public sealed record Trail(string Name, IReadOnlyList<TrailPoint> Points);

/// <summary>One step.</summary>
/// <param name="Count">Requests, or attempts, that ended.</param>
/// <param name="Failed">Those of them that did not end well.</param>
/// <param name="P95">The 95th percentile of their total latency, milliseconds; null when there were none.</param>
public readonly record struct TrailPoint(long Count, long Failed, decimal? P95);
