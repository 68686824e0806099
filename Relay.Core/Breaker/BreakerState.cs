namespace Relay.Core.Breaker;

/// <summary>The state of a circuit breaker.</summary>
public enum BreakerState
{
    /// <summary>Traffic flows.</summary>
    Closed,

    /// <summary>Closed again after a probe; traffic is let in step by step.</summary>
    Ramping,

    /// <summary>One probe is out; everything else is kept away.</summary>
    HalfOpen,

    /// <summary>Nothing is let through until the open time has passed.</summary>
    Open,
}

/// <summary>Why a breaker last changed its state.</summary>
public enum BreakerReason
{
    /// <summary>It never did.</summary>
    None,

    /// <summary>Too many failed requests in a row.</summary>
    ConsecutiveFailures,

    /// <summary>Too large a share of requests failed in the window.</summary>
    FailureRatio,

    /// <summary>The probe failed.</summary>
    ProbeFailed,

    /// <summary>The open time passed and a probe was let out.</summary>
    ProbeGranted,

    /// <summary>The probe answered.</summary>
    ProbeSucceeded,

    /// <summary>The ramp ran to its end.</summary>
    RampFinished,

    /// <summary>Too many attempts were slow. Such a breaker refuses nothing: other targets are put first.</summary>
    Slow,

    /// <summary>An operator holds it open or closed.</summary>
    Forced,

    /// <summary>An operator reset it: it is on its own again, with nothing counted.</summary>
    Reset,

    /// <summary>Another gateway found the target broken. Only where several gateways share grains.</summary>
    Cluster,
}

/// <summary>What a breaker shows of itself.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it entered that state.</param>
/// <param name="Since">When it entered it, on the clock of the caller.</param>
/// <param name="OpenUntil">While open: when the next probe may go, <see cref="TimeSpan.MaxValue"/> when it is held open; otherwise the time of <paramref name="Since"/>.</param>
/// <param name="Opened">How often it opened by itself in all.</param>
/// <param name="Force">What an operator decided for it.</param>
public readonly record struct BreakerSnapshot(
    BreakerState State, BreakerReason Reason, TimeSpan Since, TimeSpan OpenUntil, long Opened, BreakerForce Force = BreakerForce.None);

/// <summary>
/// The right to send the one probe of a half-open breaker. Expires by itself, so that a lost probe starves nobody.
/// A request that is no probe carries one that is not held; it tells when the request was let in.
/// </summary>
/// <param name="Id">Names the lease; 0 is no lease.</param>
/// <param name="ExpiresAt">From then on another probe may go.</param>
public readonly record struct ProbeLease(long Id, TimeSpan ExpiresAt)
{
    /// <summary>The number of the period between two openings in which the request was let in, from 1; 0: not known.</summary>
    internal long Period { get; init; }

    /// <summary>True when this is a lease at all.</summary>
    public bool IsHeld => Id != 0;
}

/// <summary>The answer to "may this request go to the target?"</summary>
/// <param name="Allowed">True: send it.</param>
/// <param name="Lease">Hand it back with the verdict. Held when the request is the probe: then settle it at first token or at the end.</param>
/// <param name="RetryAt">When not allowed: the earliest time that is worth asking again.</param>
public readonly record struct BreakerAdmission(bool Allowed, ProbeLease Lease, TimeSpan RetryAt);
