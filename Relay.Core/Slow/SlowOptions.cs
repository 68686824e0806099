namespace Relay.Core.Slow;

/// <summary>When an attempt is too slow for its target, and when a target is avoided for that.</summary>
public sealed record SlowOptions
{
    /// <summary>The defaults.</summary>
    public static SlowOptions Default { get; } = new();

    /// <summary>False: no attempt is slow. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>A first token that takes longer than this is slow, whatever is usual; times the reasoning factor for what reasons. Default zero: no such limit; up to 24 h.</summary>
    public TimeSpan FirstTokenMax { get; init; }

    /// <summary>An attempt is slow from this multiple of the target's own median on, and not below twice its 95th percentile. Default 3, from 1.5 to 100.</summary>
    public double Factor { get; init; } = 3;

    /// <summary>A first token or a plain answer is slow only when it takes longer than the median by at least this. Default 250 ms, from 0 to 1 h.</summary>
    public TimeSpan MinDifference { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Tokens come slowly only when the time between two is longer than its median by at least this. Default 20 ms, from 0 to 1 h.</summary>
    public TimeSpan MinTokenDifference { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Measurements before anything is compared with what is usual. Default 30, from 10 to 100,000.</summary>
    public int MinSamples { get; init; } = 30;

    /// <summary>Slow attempts that make a target slow; each attempt that is not takes a fifth of one away. Default 5, from 1 to 1,000.</summary>
    public int SlowAttempts { get; init; } = 5;

    /// <summary>What is usual forgets half of what it knows in this time. Default 10 min, from 10 s to 24 h.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A target that was slow for this long is taken as it is: what it shows now becomes what is usual. Default 1 h, from 1 s to 24 h.</summary>
    public TimeSpan AcceptAfter { get; init; } = TimeSpan.FromHours(1);
}
