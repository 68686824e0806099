using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

/// <content>Time series.</content>
public abstract partial class GrainContract
{
    [Theory]
    [InlineData(MeterPart.Counts, 5, 0)]
    [InlineData(MeterPart.Latency, 5, 5_000)]
    [InlineData(MeterPart.FirstToken, 5, 500)]
    [InlineData(MeterPart.InterToken, 5, 50)]
    [InlineData(MeterPart.TokensPerSecond, 5, 250_000)]
    public async Task Series_HoldsThePartThatWasAskedForAndNoOther(MeterPart part, long count, long sum)
    {
        await Grains.ApplyAsync(Delta.Target("t", "g", 1, 5), None);
        await Grains.ApplyAsync(Delta.Model("m", "g", 1, 5), None);
        var query = new SeriesQuery(part, Window.FiveMinutes, TimeSpan.FromSeconds(15));
        foreach (var series in new[] { await Grains.GetTargetSeriesAsync("t", query, None), await Grains.GetModelSeriesAsync("m", query, None) })
        {
            var slice = series.Points[^1].Value;
            Assert.Equal(part == MeterPart.Counts ? Counters.Width : 0, slice.Counts.Length);
            Assert.Equal(count, part == MeterPart.Counts ? slice.Counts[Counters.Count] : slice.Distribution.Count);
            Assert.Equal(sum, slice.Distribution.SumMicros);
        }
    }

    [Fact]
    public async Task Series_PutsWhatHappenedIntoItsStepOnTheWallClock()
    {
        var start = Time.GetUtcNow();
        await Grains.ApplyAsync(Delta.Model("m", "g", 1, 1), None);
        Time.Advance(TimeSpan.FromSeconds(31));
        await Grains.ApplyAsync(Delta.Model("m", "g", 2, 2), None);
        Time.Advance(TimeSpan.FromSeconds(1));
        var series = await Grains.GetModelSeriesAsync("m", new(MeterPart.Counts, Window.OneMinute, TimeSpan.FromSeconds(8)), None);

        Assert.Equal(TimeSpan.FromSeconds(10), series.Step);
        Assert.Equal(start.AddSeconds(32), DateTimeOffset.UnixEpoch + series.Now);
        Assert.Equal(
            ["-30..-20 0", "-20..-10 0", "-10..0 0", "0..10 1", "10..20 0", "20..30 0", "30..32 2"],
            series.Points.Select(p => $"{Second(p.Start)}..{Second(p.End)} {p.Value.Counts[Counters.Count]}"));

        double Second(TimeSpan time) => (DateTimeOffset.UnixEpoch + time - start).TotalSeconds;
    }

    [Theory]
    [InlineData(Window.OneMinute, 5)]
    [InlineData(Window.FiveMinutes, 15)]
    [InlineData(Window.OneHour, 120)]
    [InlineData(Window.TwentyFourHours, 1_800)]
    public async Task Series_OfTheFinestStep_IsOneSliceAPointAndBounded(Window window, int stepSeconds)
    {
        await Grains.ApplyAsync(Delta.Target("t", "g", 1), None);
        Time.Advance(TimeSpan.FromSeconds(1));
        var series = await Grains.GetTargetSeriesAsync("t", new(MeterPart.Latency, window, TimeSpan.FromTicks(1)), None);
        Assert.Equal(TimeSpan.FromSeconds(stepSeconds), series.Step);
        Assert.Equal((window.Length() / series.Step) + 1, series.Points.Count);
        Assert.InRange(series.Points.Count, 2, 49);
        Assert.Equal(1, series.Points.Sum(p => p.Value.Distribution.Count));
    }

    [Fact]
    public async Task Series_OfAStepOverTheWindow_IsTheWindow()
    {
        var series = await Grains.GetModelSeriesAsync("m", new(MeterPart.Counts, Window.OneMinute, TimeSpan.MaxValue), None);
        Assert.Equal(TimeSpan.FromMinutes(1), series.Step);
        Assert.InRange(series.Points.Count, 1, 2);
    }

    [Fact]
    public async Task Series_OfNothing_HasEveryStepEmpty()
    {
        var counts = await Grains.GetTargetSeriesAsync("nothing", new(MeterPart.Counts, Window.OneHour, TimeSpan.FromMinutes(2)), None);
        var latency = await Grains.GetModelSeriesAsync("nothing", new(MeterPart.Latency, Window.OneHour, TimeSpan.FromMinutes(2)), None);
        Assert.Equal((31, 31), (counts.Points.Count, latency.Points.Count));
        Assert.All(counts.Points, p => Assert.Equal(new long[Counters.Width], p.Value.Counts));
        Assert.All(latency.Points, p => Assert.True(p.Value.Distribution.IsEmpty));
    }

    [Theory]
    [InlineData(MeterPart.Counts, Window.OneMinute, 0)]
    [InlineData(MeterPart.Counts, Window.OneMinute, -1)]
    [InlineData(MeterPart.Counts, (Window)9, 1)]
    [InlineData((MeterPart)9, Window.OneMinute, 1)]
    public async Task Series_OfWhatThereIsNot_IsRefused(MeterPart part, Window window, int stepSeconds) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Grains.GetModelSeriesAsync("m", new(part, window, TimeSpan.FromSeconds(stepSeconds)), None));

    [Fact]
    public async Task SeriesOfCounts_AddUpToTheWindow()
    {
        for (var sequence = 1; sequence <= 100; sequence++)
        {
            await Grains.ApplyAsync(Delta.Target("t", "g", sequence, sequence), None);
            Time.Advance(TimeSpan.FromSeconds(7));
        }

        foreach (var window in Enum.GetValues<Window>())
        {
            var series = await Grains.GetTargetSeriesAsync("t", new(MeterPart.Counts, window, WindowLevel.Of(window).Slice * 3), None);
            Assert.Equal((await Grains.GetTargetAsync("t", window, None)).Meter.Counts[Counters.Count], series.Points.Sum(p => p.Value.Counts[Counters.Count]));
            Assert.Equal(series.Points.Skip(1).Select(p => p.Start), series.Points.SkipLast(1).Select(p => p.End));
        }
    }
}
