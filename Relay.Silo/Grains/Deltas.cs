using Relay.Core.Breaker;

namespace Relay.Silo.Grains;

/// <summary>One gateway's flush for one target.</summary>
/// <param name="Gateway">The gateway's id, made anew at each start.</param>
/// <param name="Sequence">Counts up from 1 per gateway and key; a delta that was sent twice counts once.</param>
/// <param name="Target">The target's name.</param>
/// <param name="Meter">What happened; null when only the breaker has news.</param>
/// <param name="Breaker">The gateway's breaker for it.</param>
/// <param name="Active">Attempts under way now.</param>
public sealed record TargetDelta(string Gateway, long Sequence, string Target, MeterDelta? Meter, BreakerReport Breaker, int Active)
{
    /// <summary>How its breaker changed since the last flush, oldest first.</summary>
    public IReadOnlyList<BreakerChange> Changes { get; init; } = [];

    /// <summary>What it says for the cluster's breaker.</summary>
    public BreakerAsk Ask { get; init; }
}

/// <summary>One gateway's flush for one model.</summary>
/// <param name="Gateway">The gateway's id, made anew at each start.</param>
/// <param name="Sequence">Counts up from 1 per gateway and key; a delta that was sent twice counts once.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Meter">What happened; null when only the count of active requests changed.</param>
/// <param name="Active">Requests under way now.</param>
public sealed record ModelDelta(string Gateway, long Sequence, string Model, MeterDelta? Meter, int Active)
{
    /// <summary>The failovers and rescues since the last flush, oldest first; at most <see cref="ModelGrain.MaxStories"/>.</summary>
    public IReadOnlyList<FailoverStory> Stories { get; init; } = [];
}

/// <summary>A breaker as its gateway reports it, in wall-clock time so that other processes can read it.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it entered it.</param>
/// <param name="Since">When it entered it, UTC.</param>
/// <param name="OpenUntil">While open: when the next probe may go, UTC.</param>
/// <param name="Opened">How often it opened by itself since the gateway started.</param>
public readonly record struct BreakerReport(BreakerState State, BreakerReason Reason, DateTimeOffset Since, DateTimeOffset? OpenUntil, long Opened)
{
    /// <summary>The operator's decision that the gateway follows.</summary>
    public BreakerDecision Decision { get; init; }
}
