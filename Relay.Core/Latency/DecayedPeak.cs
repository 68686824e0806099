namespace Relay.Core.Latency;

/// <summary>
/// A decayed peak, after Finagle's Peak EWMA: rises at once to what is slower, falls slowly to what is faster, and without news falls
/// towards zero, so that a target that nobody uses is tried again after a while.
/// </summary>
/// <param name="Value">The peak at <paramref name="At"/>; zero when nothing was ever seen.</param>
/// <param name="At">When it was seen last.</param>
public readonly record struct DecayedPeak(TimeSpan Value, TimeSpan At)
{
    /// <summary>In this time what was seen loses all but 1/e of its weight: 10 s.</summary>
    public static readonly TimeSpan Decay = TimeSpan.FromSeconds(10);

    /// <summary>More than anything that is known costs: 100 years.</summary>
    private static readonly double Unknown = TimeSpan.FromDays(36_500).Ticks;

    /// <summary>Anything was seen.</summary>
    public bool IsMeasured => Value > TimeSpan.Zero;

    /// <summary>With one more value.</summary>
    /// <param name="value">The value; less than a tick counts as one.</param>
    /// <param name="now">The monotonic time.</param>
    public DecayedPeak Observe(TimeSpan value, TimeSpan now)
    {
        var seen = Math.Max(1, value.Ticks);
        var kept = Kept(now);
        var next = seen > Value.Ticks ? seen : Math.Max(1, (long)((Value.Ticks * kept) + (seen * (1 - kept))));
        return new(TimeSpan.FromTicks(next), now > At ? now : At);
    }

    /// <summary>
    /// What one more request has to expect: the peak as it is by now, times all that would be waiting. So a target that gets more than it
    /// can take becomes dearer at once, before any of its answers say so. One that was never measured is free as long as nobody
    /// waits there, and beyond price while somebody does: it is tried, one request at a time.
    /// </summary>
    /// <param name="waiting">Requests that wait there for their first token.</param>
    /// <param name="now">The monotonic time.</param>
    /// <returns>Ticks; at least 0.</returns>
    public double Cost(int waiting, TimeSpan now) =>
        IsMeasured ? Value.Ticks * Kept(now) * (Math.Max(0, waiting) + 1.0) : Math.Max(0, waiting) * Unknown;

    private double Kept(TimeSpan now) => now > At ? Math.Exp(-((now - At) / Decay)) : 1;
}
