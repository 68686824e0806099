using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <summary>The figures of several models over one window.</summary>
/// <param name="Window">The window.</param>
/// <param name="GeneratedAt">When they were put together, UTC.</param>
/// <param name="Total">All models together: their requests.</param>
/// <param name="Models">Each model, in the order of their names.</param>
public sealed record StatsReport(Window Window, DateTimeOffset GeneratedAt, MeterFigures Total, IReadOnlyList<ModelFigures> Models);

/// <summary>The figures of one model.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Strategy">How its targets are ordered: <c>priority</c>, <c>weighted</c> or <c>lowest-latency</c>.</param>
/// <param name="Requests">Its requests as clients saw them.</param>
/// <param name="Targets">Its targets, in configured order.</param>
public sealed record ModelFigures(string Model, string Strategy, MeterFigures Requests, IReadOnlyList<TargetFigures> Targets);

/// <summary>The figures of one target. They are the target's own: one that several models share has the same in each.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Attempts">Its attempts.</param>
/// <param name="Breaker">Its breaker; null when no gateway reports one.</param>
public sealed record TargetFigures(string Target, MeterFigures Attempts, BreakerFigures? Breaker);

/// <summary>The figures of several targets over one window.</summary>
/// <param name="Window">The window.</param>
/// <param name="GeneratedAt">When they were put together, UTC.</param>
/// <param name="Targets">Each target, in configured order.</param>
public sealed record TargetsReport(Window Window, DateTimeOffset GeneratedAt, IReadOnlyList<TargetUse> Targets);

/// <summary>A target and who uses it.</summary>
/// <param name="Figures">Its figures.</param>
/// <param name="Models">The names of the models that have it among their targets, in order.</param>
public sealed record TargetUse(TargetFigures Figures, IReadOnlyList<string> Models);
