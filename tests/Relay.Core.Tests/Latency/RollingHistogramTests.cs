using FsCheck.Fluent;
using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class RollingHistogramTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1000);

    [Fact]
    public void Every_window_equals_the_list_of_samples_under_random_time_steps() =>
        Invariant.Holds(
            (from step in TimeGen.Step
             from value in LatencyGen.Any
             from asked in Gen.Frequency((3, Gen.Constant((Window?)null)), (1, TimeGen.Window.Select(window => (Window?)window)))
             select (step, value, asked)).ListOf(120),
            steps =>
            {
                var (rolling, oracle) = (new RollingHistogram(), new SampleList());
                foreach (var (now, (_, value, asked)) in TimeGen.Walk(steps.Select(step => step.step)).Zip(steps))
                {
                    rolling.Record(value, now);
                    oracle.Record(value, now);
                    if (asked is { } window)
                    {
                        Assert.Equal(oracle.Snapshot(window, now), rolling.Snapshot(window, now));
                    }
                }

                foreach (var window in TrailingWindows.All)
                {
                    Assert.Equal(oracle.Snapshot(window, TimeSpan.Zero), rolling.Snapshot(window, TimeSpan.Zero));
                }
            },
            runs: 300);

    [Fact]
    public void What_is_imported_shows_at_once_in_a_window_that_was_looked_at_before()
    {
        var (here, there) = (new RollingHistogram(), new RollingHistogram());
        there.Record(7_000, Start);
        var now = Start + TimeSpan.FromSeconds(30);
        here.Record(3_000, now);
        foreach (var window in TrailingWindows.All)
        {
            Assert.Equal(1, here.Snapshot(window, now).Count);
        }

        here.Import(there.Export(now), now);

        foreach (var window in TrailingWindows.All)
        {
            var seen = here.Snapshot(window, now);
            Assert.Equal((2, 10_000), (seen.Count, seen.SumMicros));
        }
    }

    [Fact]
    public void A_window_holds_all_of_its_span_and_at_most_one_slice_more() =>
        Invariant.Holds(
            from window in TimeGen.Window
            from recordedMs in Gen.Choose(0, 7_200_000)
            from ageMs in Gen.Choose(0, 100_000_000)
            select (window, recordedMs, ageMs),
            test =>
            {
                var rolling = new RollingHistogram();
                var recorded = Start + TimeSpan.FromMilliseconds(test.recordedMs);
                rolling.Record(5, recorded);
                var age = TimeSpan.FromMilliseconds(test.ageMs % (test.window.Length().TotalMilliseconds * 1.2));
                var isThere = !rolling.Snapshot(test.window, recorded + age).IsEmpty;
                var level = WindowLevel.Of(test.window);
                Assert.True(isThere || age > level.Length);
                Assert.True(!isThere || age < level.Length + level.Slice);
            },
            runs: 2000);

    [Fact]
    public void Series_points_are_aligned_and_partition_the_window() =>
        Invariant.Holds(
            from steps in (from step in TimeGen.Step from value in LatencyGen.Any select (step, value)).ListOf(60)
            from window in TimeGen.Window
            from stepMs in Gen.Choose(1, 10_000_000)
            select (steps, window, stepMs),
            test =>
            {
                var (rolling, oracle) = (new RollingHistogram(), new SampleList());
                foreach (var (now, (_, value)) in TimeGen.Walk(test.steps.Select(step => step.step)).Zip(test.steps))
                {
                    rolling.Record(value, now);
                    oracle.Record(value, now);
                }

                var points = rolling.Series(test.window, TimeSpan.FromMilliseconds(test.stepMs), oracle.Latest);
                Assert.Equal(oracle.Latest, points[^1].End);
                Assert.All(points.Zip(points.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
                Assert.Equal(rolling.Snapshot(test.window, oracle.Latest), HistogramSnapshot.MergeAll([.. points.Select(point => point.Value)]));
                Assert.All(points.SkipLast(1), point => Assert.Equal(oracle.Between(point.Start, point.End), point.Value));
                Assert.Equal(oracle.Between(points[^1].Start, TimeSpan.MaxValue), points[^1].Value);

                var level = WindowLevel.Of(test.window);
                var step = level.Slice * Math.Min(level.Slices, Math.Ceiling(TimeSpan.FromMilliseconds(test.stepMs) / level.Slice));
                Assert.All(points.Skip(1), point => Assert.Equal(0, point.Start.Ticks % step.Ticks));
                Assert.All(points, point => Assert.InRange(point.End - point.Start, TimeSpan.Zero, step));
                Assert.All(points.Skip(1).SkipLast(1), point => Assert.Equal(step, point.End - point.Start));
            },
            runs: 200);

    [Theory]
    [InlineData(Window.OneMinute, 1, 13, 5)]
    [InlineData(Window.OneMinute, 6, 7, 10)]
    [InlineData(Window.FiveMinutes, 60, 6, 60)]
    [InlineData(Window.OneHour, 60, 31, 120)]
    [InlineData(Window.TwentyFourHours, 3600, 25, 3600)]
    [InlineData(Window.OneHour, 1_000_000, 2, 3600)]
    public void A_step_is_rounded_up_to_whole_slices(Window window, int askedSeconds, int points, int stepSeconds)
    {
        var series = new RollingHistogram().Series(window, TimeSpan.FromSeconds(askedSeconds), Start);
        Assert.Equal(points, series.Count);
        Assert.All(series.SkipLast(1), point => Assert.Equal(TimeSpan.FromSeconds(stepSeconds), point.End - point.Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RollingHistogram().Series(window, TimeSpan.Zero, Start));
    }

    [Fact]
    public void Adding_a_delta_equals_recording_its_values() =>
        Invariant.Holds(
            LatencyGen.Values,
            values =>
            {
                var (one, all) = (new RollingHistogram(), new RollingHistogram());
                all.Add(LatencyGen.Histogram(values), Start);
                foreach (var value in values)
                {
                    one.Record(value, Start);
                }

                Assert.Equal(one.Snapshot(Window.OneHour, Start), all.Snapshot(Window.OneHour, Start));
            });

    [Fact]
    public void The_ends_of_time_are_safe()
    {
        var rolling = new RollingHistogram();
        rolling.Record(1, TimeSpan.MinValue);
        rolling.Record(2, TimeSpan.Zero);
        Assert.Equal(2, rolling.Snapshot(Window.OneMinute, TimeSpan.MinValue).Count);
        rolling.Record(3, TimeSpan.MaxValue);
        rolling.Record(4, TimeSpan.MaxValue);
        rolling.Record(5, TimeSpan.Zero);
        Assert.All(TrailingWindows.All.ToArray(), window => Assert.Equal(3, rolling.Snapshot(window, TimeSpan.MaxValue).Count));
        Assert.Equal(TimeSpan.MaxValue, rolling.Series(Window.OneHour, TimeSpan.FromMinutes(2), TimeSpan.MaxValue)[^1].End);
    }

    [Fact]
    public void Recording_allocates_nothing_within_a_slice()
    {
        var rolling = new RollingHistogram();
        rolling.Record(1, Start);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0L; i < 100_000; i++)
        {
            rolling.Record(i * 36_007, Start);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Reading_again_and_again_in_any_window_changes_no_answer()
    {
        var random = new Random(5);
        var (read, unread) = (new RollingHistogram(), new RollingHistogram());
        for (var second = 0; second < 4_000; second += random.Next(1, 9))
        {
            var (value, now) = (random.Next(1, 1_000_000), TimeSpan.FromSeconds(second));
            read.Record(value, now);
            unread.Record(value, now);
            foreach (var window in TrailingWindows.All)
            {
                _ = read.Snapshot(window, now);
            }

            var asked = TrailingWindows.All[random.Next(4)];
            if (random.Next(20) == 0)
            {
                // What nobody has read before is summed from nothing.
                Assert.Equal(Copy(unread, now, asked), read.Snapshot(asked, now));
            }
        }

        static HistogramSnapshot Copy(RollingHistogram from, TimeSpan now, Window window) =>
            HistogramSnapshot.MergeAll([.. from.Series(window, WindowLevel.Of(window).Slice, now).Select(point => point.Value)]);
    }
}

/// <summary>The oracle: keeps every sample with its time, and knows of slices only that an answer begins at a slice's start.</summary>
internal sealed class SampleList
{
    private readonly List<(TimeSpan At, long Value)> _samples = [];

    public TimeSpan Latest { get; private set; }

    public void Record(long value, TimeSpan now)
    {
        Latest = now > Latest ? now : Latest;
        _samples.Add((Latest, value));
    }

    public HistogramSnapshot Snapshot(Window window, TimeSpan now)
    {
        Latest = now > Latest ? now : Latest;
        var slice = WindowLevel.Of(window).Slice;
        return Between((Math.Floor(Latest / slice) * slice) - window.Length(), TimeSpan.MaxValue);
    }

    public HistogramSnapshot Between(TimeSpan from, TimeSpan to) =>
        LatencyGen.Histogram(_samples.Where(sample => sample.At >= from && sample.At < to).Select(sample => sample.Value));
}
