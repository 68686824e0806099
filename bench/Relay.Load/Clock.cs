namespace Relay.Load;

/// <summary>The monotonic clock of all measurements.</summary>
internal static class Clock
{
    private static readonly double TicksPerMicro = TimeProvider.System.TimestampFrequency / 1e6;

    /// <summary>Now, in ticks.</summary>
    public static long Now => TimeProvider.System.GetTimestamp();

    /// <summary>A span as ticks.</summary>
    public static long Ticks(TimeSpan span) => (long)(span.TotalMicroseconds * TicksPerMicro);

    /// <summary>Microseconds between two times.</summary>
    public static long Micros(long from, long to) => (long)((to - from) / TicksPerMicro);

    /// <summary>Seconds between two times.</summary>
    public static double Seconds(long from, long to) => (to - from) / TicksPerMicro / 1e6;
}
