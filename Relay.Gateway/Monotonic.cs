namespace Relay.Gateway;

/// <summary>The one way from a <see cref="TimeProvider"/> to the monotonic time that Relay.Core's state machines take.</summary>
public static class Monotonic
{
    /// <summary>Time since an arbitrary origin; never goes backwards, not touched by clock changes.</summary>
    public static TimeSpan Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.GetElapsedTime(0, time.GetTimestamp());
    }
}
