namespace Relay.Core.Limits;

/// <summary>
/// Limits a rate without a window to game: the generic cell rate algorithm (ITU-T I.371), which is a token bucket in one number.
/// Not thread-safe: the owner locks.
/// </summary>
public sealed class RateLimiter
{
    private readonly long _intervalTicks;
    private readonly long _burstTicks;
    private long _fullAt = long.MinValue;

    /// <summary>Creates a limiter with a full bucket.</summary>
    /// <param name="perMinute">Requests a minute, at least 1. A full bucket lets a tenth of it through at once, at least one.</param>
    public RateLimiter(int perMinute)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);

        // Rounded up: a shorter interval would let through more than was asked for.
        _intervalTicks = (TimeSpan.TicksPerMinute + perMinute - 1) / perMinute;
        _burstTicks = _intervalTicks * Math.Max(1, perMinute / 10);
    }

    /// <summary>Takes one request from the bucket.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="retryAfter">When refused: how long until one fits.</param>
    public bool TryTake(TimeSpan now, out TimeSpan retryAfter)
    {
        var next = Math.Max(_fullAt, now.Ticks) + _intervalTicks;
        var over = next - now.Ticks - _burstTicks;
        if (over > 0)
        {
            retryAfter = TimeSpan.FromTicks(over);
            return false;
        }

        _fullAt = next;
        retryAfter = TimeSpan.Zero;
        return true;
    }
}
