namespace Relay.Core.Breaker;

/// <summary>The words for a breaker's states and reasons, the same in the API and in metrics.</summary>
public static class BreakerLabels
{
    /// <summary>The word for a state.</summary>
    public static string Label(this BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.Ramping => "ramping",
        BreakerState.HalfOpen => "half_open",
        BreakerState.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a breaker state."),
    };

    /// <summary>The word for a reason.</summary>
    public static string Label(this BreakerReason reason) => reason switch
    {
        BreakerReason.None => "none",
        BreakerReason.ConsecutiveFailures => "consecutive_failures",
        BreakerReason.FailureRatio => "failure_ratio",
        BreakerReason.ProbeFailed => "probe_failed",
        BreakerReason.ProbeGranted => "probe_granted",
        BreakerReason.ProbeSucceeded => "probe_succeeded",
        BreakerReason.RampFinished => "ramp_finished",
        BreakerReason.Slow => "slow",
        BreakerReason.Forced => "forced",
        BreakerReason.Reset => "reset",
        BreakerReason.Cluster => "cluster",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a breaker reason."),
    };

    /// <summary>The word for what an operator decided.</summary>
    public static string Label(this BreakerForce force) => force switch
    {
        BreakerForce.None => "none",
        BreakerForce.Open => "open",
        BreakerForce.Closed => "closed",
        _ => throw new ArgumentOutOfRangeException(nameof(force), force, "Not a decision for a breaker."),
    };
}
