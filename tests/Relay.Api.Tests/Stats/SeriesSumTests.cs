using Relay.Api.Stats;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Stats;

public class SeriesSumTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly SeriesMetric Requests = SeriesMetric.Find("requests")!;

    [Fact]
    public void MeterReadASliceLater_AddsToTheStepsOfTheSameTime()
    {
        var sum = new SeriesSum(Step);
        sum.Add(Series(19.999, (0, 10, 1), (10, 19.999, 2)));
        sum.Add(Series(20.001, (5, 10, 10), (10, 20, 20), (20, 20.001, 40)));

        var values = sum.ToValues(Requests, DateTimeOffset.UnixEpoch.AddSeconds(20.001));
        Assert.Equal([(0, 10, 11), (10, 20, 22), (20, 20.001, 40)], values.Select(v => (Seconds(v.Start), Seconds(v.End), v.Value!.Value)));
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(20.4, 0)]
    [InlineData(19.6, 0)]
    [InlineData(3_620.3, 3_600)]
    [InlineData(-10, -30)]
    public void ClockThatWasSetOrSlept_MovesTheStepsByWholeSeconds(double utcNow, double moved)
    {
        var sum = new SeriesSum(Step);
        sum.Add(Series(20, (10, 20, 1)));
        Assert.Equal(10 + moved, Seconds(Assert.Single(sum.ToValues(Requests, DateTimeOffset.UnixEpoch.AddSeconds(utcNow))).Start));
    }

    [Fact]
    public void FullCounters_StopInsteadOfOverflowing()
    {
        var sum = new SeriesSum(Step);
        sum.Add(Series(20, (10, 20, long.MaxValue)));
        sum.Add(Series(20, (10, 20, long.MaxValue)));
        Assert.Equal(long.MaxValue, Assert.Single(sum.ToValues(Requests, DateTimeOffset.UnixEpoch)).Value);
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static MeterSeries Series(double now, params (double Start, double End, long Count)[] points) => new(
        Step,
        TimeSpan.FromSeconds(now),
        [.. points.Select(p => new SeriesPoint<MeterSlice>(TimeSpan.FromSeconds(p.Start), TimeSpan.FromSeconds(p.End), new MeterSlice(Traffic.Counts((Counters.Count, p.Count)), HistogramSnapshot.Empty)))]);
}
