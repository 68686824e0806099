using Relay.Core.Errors;

namespace Relay.Core.Attempts;

/// <summary>What to do after a failed attempt.</summary>
public enum NextStep
{
    /// <summary>Give up and answer with the most useful error.</summary>
    Stop,

    /// <summary>Wait, then try the same target again.</summary>
    Retry,

    /// <summary>Try the next target.</summary>
    FailOver,
}

/// <summary>A decision of <see cref="AttemptPolicy"/>.</summary>
/// <param name="Step">What to do.</param>
/// <param name="Wait">Before a retry: how long; otherwise zero.</param>
public readonly record struct AttemptDecision(NextStep Step, TimeSpan Wait);

/// <summary>What happened so far, as far as the next step depends on it.</summary>
/// <param name="Error">The kind of the failed attempt.</param>
/// <param name="RetryAfter">What the provider asked for, or null.</param>
/// <param name="AttemptsOnTarget">Attempts of this request at this target, the failed one included.</param>
/// <param name="WasProbe">The attempt was the probe of a half-open breaker: it is not repeated.</param>
/// <param name="AnotherTarget">Another target remains untried.</param>
/// <param name="RetryBudgetLeft">The target's retry budget allows one more.</param>
/// <param name="TimeLeft">What is left of the request's total limit.</param>
public readonly record struct AttemptHistory(
    ErrorKind Error,
    TimeSpan? RetryAfter,
    int AttemptsOnTarget,
    bool WasProbe,
    bool AnotherTarget,
    bool RetryBudgetLeft,
    TimeSpan TimeLeft);

/// <summary>Decides what follows a failed attempt that has sent nothing to the client. Pure.</summary>
public static class AttemptPolicy
{
    /// <summary>Retry, fail over or stop.</summary>
    /// <param name="history">What happened so far.</param>
    /// <param name="options">The model's retry options.</param>
    /// <param name="sample">A uniform random number in [0, 1), for the jitter.</param>
    public static AttemptDecision Decide(in AttemptHistory history, RetryOptions options, double sample)
    {
        ArgumentNullException.ThrowIfNull(options);
        var row = ErrorTable.Of(history.Error);
        if (MayRetry(history, options, row))
        {
            var wait = history.RetryAfter ?? Backoff(history.AttemptsOnTarget, options, sample);
            if (wait <= options.RetryAfterWaitMax || history.RetryAfter is null)
            {
                return wait < history.TimeLeft ? new(NextStep.Retry, wait) : LeaveTarget(history, row);
            }
        }

        return LeaveTarget(history, row);
    }

    /// <summary>How long new requests should leave the target alone after this error, or zero.</summary>
    /// <param name="error">The kind of the failed attempt.</param>
    /// <param name="retryAfter">What the provider asked for, or null.</param>
    /// <param name="options">The model's retry options.</param>
    public static TimeSpan LeaveAlone(ErrorKind error, TimeSpan? retryAfter, RetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (error is not (ErrorKind.ProviderRateLimited or ErrorKind.ProviderOverloaded) || retryAfter is not { } asked)
        {
            return TimeSpan.Zero;
        }

        return asked < options.RetryAfterMax ? asked : options.RetryAfterMax;
    }

    /// <summary>The wait before retry number <paramref name="attemptsSoFar"/>: full jitter over a doubling range.</summary>
    public static TimeSpan Backoff(int attemptsSoFar, RetryOptions options, double sample)
    {
        ArgumentNullException.ThrowIfNull(options);
        var doublings = Math.Clamp(attemptsSoFar - 1, 0, 30);
        var range = Math.Min(options.BackoffBase.Ticks * (double)(1L << doublings), options.BackoffMax.Ticks);
        return TimeSpan.FromTicks((long)(range * sample));
    }

    private static bool MayRetry(in AttemptHistory history, RetryOptions options, ErrorRow row) =>
        row.RetrySameTarget
        && !history.WasProbe
        && history.AttemptsOnTarget <= options.MaxPerTarget
        && history.RetryBudgetLeft;

    private static AttemptDecision LeaveTarget(in AttemptHistory history, ErrorRow row) =>
        new(row.FailOver && history.AnotherTarget && history.TimeLeft > TimeSpan.Zero ? NextStep.FailOver : NextStep.Stop, TimeSpan.Zero);
}
