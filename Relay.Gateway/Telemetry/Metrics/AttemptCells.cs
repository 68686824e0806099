using Relay.Core.Errors;
using Relay.Gateway.Recording;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>The cumulative figures of the attempts at one target. Thread-safe without a lock.</summary>
internal sealed class AttemptCells(string target)
{
    private readonly long[] _outcomes = new long[ErrorTable.Count];
    private long _retries;
    private long _malformed;
    private long _slow;

    /// <summary>The target's name.</summary>
    public string Target => target;

    /// <summary>Attempts that repeated one.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <summary>Stream events that could not be read.</summary>
    public long MalformedEvents => Volatile.Read(ref _malformed);

    /// <summary>Attempts that were slow.</summary>
    public long Slow => Volatile.Read(ref _slow);

    /// <summary>Attempts that ended so.</summary>
    public long Outcomes(ErrorKind kind) => Volatile.Read(ref _outcomes[(int)kind]);

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

        if (attempt.MalformedEvents > 0)
        {
            Interlocked.Add(ref _malformed, attempt.MalformedEvents);
        }
    }
}
