using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

/// <summary>Random walks of a clock: mostly small steps, sometimes idle for hours or days, sometimes back, often onto slice boundaries.</summary>
internal static class TimeGen
{
    public static readonly Gen<Window> Window = Gen.Elements(TrailingWindows.All.ToArray());

    /// <summary>A way to get from one instant to the next.</summary>
    public static readonly Gen<Func<TimeSpan, TimeSpan>> Step = Gen.Frequency(
        (6, Forward(0, 4_000)),
        (4, Forward(0, 90_000)),
        (2, Forward(0, 3_600_000)),
        (1, Forward(0, 100_000_000)),
        (1, Forward(-200_000, 0)),
        (2, from window in Window
            from off in Gen.Choose(-1, 1)
            select ToBoundary(WindowLevel.Of(window).Slice.Ticks, off)));

    /// <summary>Instants, one for each step.</summary>
    public static IEnumerable<TimeSpan> Walk(IEnumerable<Func<TimeSpan, TimeSpan>> steps)
    {
        var now = TimeSpan.Zero;
        foreach (var step in steps)
        {
            now = step(now);
            yield return now;
        }
    }

    private static Gen<Func<TimeSpan, TimeSpan>> Forward(int fromMs, int toMs) =>
        Gen.Choose(fromMs, toMs).Select(ms => (Func<TimeSpan, TimeSpan>)(now => now + TimeSpan.FromMilliseconds(ms)));

    private static Func<TimeSpan, TimeSpan> ToBoundary(long slice, int off) =>
        now => TimeSpan.FromTicks((((now.Ticks / slice) + 1) * slice) + off);
}
