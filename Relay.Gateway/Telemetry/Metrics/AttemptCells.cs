using Relay.Core.Errors;
using Relay.Gateway.Recording;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>The cumulative figures of the attempts at one target. Thread-safe without a lock.</summary>
internal sealed class AttemptCells(string target)
{
    private readonly long[] _outcomes = new long[ErrorTable.Count];
    private readonly long[] _standby = new long[ErrorTable.Count];
    private long _retries;
    private long _malformed;
    private long _slow;
    private long _wastedTokens;
    private long _wastedNanoUsd;

    /// <summary>The target's name.</summary>
    public string Target => target;

    /// <summary>Attempts that repeated one.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <summary>Stream events that could not be read.</summary>
    public long MalformedEvents => Volatile.Read(ref _malformed);

    /// <summary>Attempts that were slow.</summary>
    public long Slow => Volatile.Read(ref _slow);

    /// <summary>Tokens of attempts of which no client got anything.</summary>
    public long WastedTokens => Volatile.Read(ref _wastedTokens);

    /// <summary>Their cost in 1e-9 USD.</summary>
    public long WastedNanoUsd => Volatile.Read(ref _wastedNanoUsd);

    /// <summary>Attempts that ended so.</summary>
    public long Outcomes(ErrorKind kind) => Volatile.Read(ref _outcomes[(int)kind]);

    /// <summary>Standby probes that ended so.</summary>
    public long Standby(ErrorKind kind) => Volatile.Read(ref _standby[(int)kind]);

    /// <summary>Counts a standby probe.</summary>
    public void CountStandby(ErrorKind kind) => Interlocked.Increment(ref _standby[(int)kind]);

    /// <summary>Counts an attempt.</summary>
    public void Count(in AttemptRecord attempt)
    {
        Interlocked.Increment(ref _outcomes[(int)attempt.Error]);
        if (attempt.IsRetry)
        {
            Interlocked.Increment(ref _retries);
        }

        if (attempt.IsSlow)
        {
            Interlocked.Increment(ref _slow);
        }

        if (!attempt.Billed && attempt.Usage is { } usage)
        {
            Interlocked.Add(ref _wastedTokens, usage.Total);
            Interlocked.Add(ref _wastedNanoUsd, attempt.Cost?.Nanos ?? 0);
        }

        if (attempt.MalformedEvents > 0)
        {
            Interlocked.Add(ref _malformed, attempt.MalformedEvents);
        }
    }
}
