namespace Relay.Core.Breaker;

/// <summary>What one attempt says about the health of its target.</summary>
public enum Verdict
{
    /// <summary>Says nothing: caller errors, content policy, rate limits, a client that left. Changes no breaker state and releases a probe lease.</summary>
    Neutral,

    /// <summary>The target did its work.</summary>
    Success,

    /// <summary>The target failed or was too slow.</summary>
    Failure,
}
