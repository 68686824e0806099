using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class RollingCountersTests
{
    private const int Width = 3;
    private static readonly TimeSpan Start = TimeSpan.FromHours(1000);

    [Fact]
    public void Every_window_equals_the_list_of_increments_under_random_time_steps() =>
        Invariant.Holds(
            (from step in TimeGen.Step
             from index in Gen.Choose(0, Width - 1)
             from more in Gen.Choose(0, 1000)
             select (step, index, more)).ListOf(120),
            steps =>
            {
                var counters = new RollingCounters(Width);
                var increments = new List<(TimeSpan At, int Index, long By)>();
                var latest = TimeSpan.Zero;
                foreach (var (now, (_, index, more)) in TimeGen.Walk(steps.Select(step => step.step)).Zip(steps))
                {
                    latest = now > latest ? now : latest;
                    increments.Add((latest, index, more));
                    counters.Add(index, more, now);
                    foreach (var window in TrailingWindows.All)
                    {
                        var slice = WindowLevel.Of(window).Slice;
                        var from = (Math.Floor(latest / slice) * slice) - window.Length();
                        var expected = Enumerable.Range(0, Width).Select(i => increments.Where(one => one.Index == i && one.At >= from).Sum(one => one.By));
                        Assert.Equal(expected, Sum(counters, window, now));
                    }
                }
            },
            runs: 100);

    [Fact]
    public void A_series_adds_up_to_the_window() =>
        Invariant.Holds(
            from steps in (from step in TimeGen.Step from more in Gen.Choose(0, 1000) select (step, more)).ListOf(60)
            from window in TimeGen.Window
            from stepMs in Gen.Choose(1, 10_000_000)
            select (steps, window, stepMs),
            test =>
            {
                var counters = new RollingCounters(Width);
                var last = TimeSpan.Zero;
                foreach (var (now, (_, more)) in TimeGen.Walk(test.steps.Select(step => step.step)).Zip(test.steps))
                {
                    counters.AddAll([more, 1, 0], now);
                    last = now > last ? now : last;
                }

                var series = counters.Series(test.window, TimeSpan.FromMilliseconds(test.stepMs), last);
                var sums = Enumerable.Range(0, Width).Select(i => series.Sum(point => point.Value[i]));
                Assert.Equal(sums, Sum(counters, test.window, last));
                Assert.All(series.Zip(series.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
            });

    [Fact]
    public void Full_counters_stop_instead_of_turning_negative()
    {
        var counters = new RollingCounters(Width);
        counters.AddAll([long.MaxValue, 1, 0], Start);
        counters.Add(0, long.MaxValue, Start + TimeSpan.FromSeconds(30));
        Assert.Equal([long.MaxValue, 1, 0], Sum(counters, Window.OneMinute, Start + TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Wrong_widths_and_negative_increments_are_refused_and_add_nothing()
    {
        var counters = new RollingCounters(Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RollingCounters(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => counters.Add(0, -1, Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => counters.AddAll([1, 2], Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => counters.AddAll([1, -2, 3], Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => counters.Sum(Window.OneHour, Start, new long[2]));
        Assert.Equal([0, 0, 0], Sum(counters, Window.TwentyFourHours, Start));
    }

    [Fact]
    public void Adding_allocates_nothing_within_a_slice()
    {
        var counters = new RollingCounters(Width);
        long[] all = [1, 2, 3];
        counters.AddAll(all, Start);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            counters.Add(1, 1, Start);
            counters.AddAll(all, Start);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long[] Sum(RollingCounters counters, Window window, TimeSpan now)
    {
        var sums = new long[Width];
        sums.AsSpan().Fill(-1);
        counters.Sum(window, now, sums);
        return sums;
    }
}
