namespace Relay.Core.Breaker;

/// <summary>A change of a breaker's state.</summary>
/// <param name="At">When, on the clock of the caller.</param>
/// <param name="From">The state that it left.</param>
/// <param name="To">The state that it entered.</param>
/// <param name="Reason">Why.</param>
public readonly record struct BreakerTransition(TimeSpan At, BreakerState From, BreakerState To, BreakerReason Reason);
