using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Silo.Tests.Grains;

/// <summary>What every engine's grains keep to: run once for each engine.</summary>
public abstract partial class GrainContract
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected ManualTimeProvider Time { get; } = new();

    protected abstract IGrains Grains { get; }

    [Fact]
    public async Task NothingReported_AllZeroAndNoBreaker()
    {
        var target = await Grains.GetTargetAsync("t", Window.FiveMinutes, None);
        var model = await Grains.GetModelAsync("m", Window.FiveMinutes, None);

        Assert.Equal("t", target.Target);
        Assert.Null(target.Breaker);
        Assert.Equal("m", model.Model);
        foreach (var meter in new[] { target.Meter, model.Meter })
        {
            Assert.Equal(new long[Counters.Width], meter.Counts);
            Assert.True(meter.Latency.IsEmpty && meter.FirstToken.IsEmpty && meter.InterToken.IsEmpty && meter.TokensPerSecond.IsEmpty);
            Assert.Equal(0, meter.Active);
        }
    }

    [Fact]
    public async Task Deltas_MergeCountsAndDistributions()
    {
        var errors = Delta.Meter(2);
        errors.Counts[Counters.Error(ErrorKind.ProviderError)] = 2;
        errors.Counts[Counters.Outcome(MeteredEndpoint.Embeddings, ErrorKind.ProviderError)] = 2;
        await Grains.ApplyAsync(Delta.Target("t", "g", 1, 3), None);
        await Grains.ApplyAsync(new TargetDelta("g", 2, "t", errors, Delta.Closed, 0), None);
        await Grains.ApplyAsync(Delta.Model("m", "g", 1, 4), None);
        await Grains.ApplyAsync(Delta.Model("m", "g", 2, 5), None);

        var target = (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Meter;
        Assert.Equal(5, target.Counts[Counters.Count]);
        Assert.Equal(2, target.Counts[Counters.Error(ErrorKind.ProviderError)]);
        Assert.Equal(2, target.Counts[Counters.Outcome(MeteredEndpoint.Embeddings, ErrorKind.ProviderError)]);
        Assert.Equal((5, 5_000), (target.Latency.Count, target.Latency.SumMicros));
        Assert.Equal((5, 500), (target.FirstToken.Count, target.FirstToken.SumMicros));
        Assert.Equal((5, 50), (target.InterToken.Count, target.InterToken.SumMicros));
        Assert.Equal((5, 250_000), (target.TokensPerSecond.Count, target.TokensPerSecond.SumMicros));
        var model = (await Grains.GetModelAsync("m", Window.OneMinute, None)).Meter;
        Assert.Equal((9, 9), (model.Counts[Counters.Count], model.Latency.Count));
    }

    [Fact]
    public async Task SameNameAsTargetAndModel_AreApart()
    {
        await Grains.ApplyAsync(Delta.Target("x", "g", 1, 3), None);
        Assert.Equal(0, (await Grains.GetModelAsync("x", Window.OneMinute, None)).Meter.Counts[Counters.Count]);
    }

    [Fact]
    public async Task ResentDelta_CountsOnce()
    {
        var target = Delta.Target("t", "g", 1, 3, active: 2);
        var model = Delta.Model("m", "g", 1, 3, active: 2);
        for (var i = 0; i < 3; i++)
        {
            await Grains.ApplyAsync(target, None);
            await Grains.ApplyAsync(model, None);
        }

        await AssertCountAsync(3);
        Assert.Equal(2, (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Meter.Active);
    }

    [Fact]
    public async Task DeltasOutOfOrder_EachCountsOnceAndTheLatestSaysWhatIsActive()
    {
        foreach (var sequence in new long[] { 3, 1, 2, 3, 2, 1 })
        {
            var state = sequence == 3 ? BreakerState.Open : BreakerState.Closed;
            await Grains.ApplyAsync(Delta.Target("t", "g", sequence, 1L << (int)sequence, (int)sequence, Delta.Breaker(state)), None);
            await Grains.ApplyAsync(Delta.Model("m", "g", sequence, 1L << (int)sequence, (int)sequence), None);
        }

        await AssertCountAsync(2 + 4 + 8);
        var target = await Grains.GetTargetAsync("t", Window.OneMinute, None);
        Assert.Equal(3, target.Meter.Active);
        Assert.Equal(BreakerState.Open, target.Breaker?.State);
    }

    [Fact]
    public async Task ManyGateways_SumUpEachWithItsOwnSequence()
    {
        for (var gateway = 0; gateway < GatewayReports.MaxGateways; gateway++)
        {
            await Grains.ApplyAsync(Delta.Target("t", $"g{gateway}", 1, 2, active: 3), None);
            await Grains.ApplyAsync(Delta.Model("m", $"g{gateway}", 1, 2, active: 3), None);
        }

        await AssertCountAsync(2 * GatewayReports.MaxGateways);
        Assert.Equal(3 * GatewayReports.MaxGateways, (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Meter.Active);
        Assert.Equal(3 * GatewayReports.MaxGateways, (await Grains.GetModelAsync("m", Window.OneMinute, None)).Meter.Active);
    }

    [Fact]
    public async Task Windows_ForgetWhatIsOlderThanThey()
    {
        await Grains.ApplyAsync(Delta.Target("t", "g", 1), None);
        Assert.Equal("1, 1, 1, 1", await CountsAsync());

        // An answer reaches back by its window and at most one slice more: 5 s, 15 s, 2 min, 30 min.
        Time.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal("0, 1, 1, 1", await CountsAsync());
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("0, 0, 1, 1", await CountsAsync());
        Time.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal("0, 0, 0, 1", await CountsAsync());
        Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal("0, 0, 0, 0", await CountsAsync());

        async Task<string> CountsAsync()
        {
            var counts = new List<long>();
            foreach (var window in Enum.GetValues<Window>())
            {
                var stats = (await Grains.GetTargetAsync("t", window, None)).Meter;
                Assert.Equal(stats.Counts[Counters.Count], stats.Latency.Count);
                counts.Add(stats.Counts[Counters.Count]);
            }

            return string.Join(", ", counts);
        }
    }

    [Theory]
    [InlineData(BreakerState.Closed, BreakerState.Ramping, BreakerState.Ramping)]
    [InlineData(BreakerState.HalfOpen, BreakerState.Ramping, BreakerState.HalfOpen)]
    [InlineData(BreakerState.HalfOpen, BreakerState.Open, BreakerState.Open)]
    [InlineData(BreakerState.Open, BreakerState.Closed, BreakerState.Open)]
    public async Task WorstBreakerState_Wins(BreakerState one, BreakerState other, BreakerState worst)
    {
        await Grains.ApplyAsync(Delta.Target("t", "one", 1, breaker: Delta.Breaker(one)), None);
        var view = await Grains.ApplyAsync(Delta.Target("t", "other", 1, breaker: Delta.Breaker(other)), None);

        Assert.Equal(worst, view.Worst);
        Assert.Equal(worst, (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Breaker?.State);
    }

    [Fact]
    public async Task OfTwoOpenBreakers_TheOneThatIsOpenLongerShows()
    {
        var longer = Delta.Breaker(BreakerState.Open, sinceSecond: 1, openUntilSecond: 20);
        await Grains.ApplyAsync(Delta.Target("t", "one", 1, breaker: longer), None);
        await Grains.ApplyAsync(Delta.Target("t", "other", 1, breaker: Delta.Breaker(BreakerState.Open, 0, 10)), None);

        Assert.Equal(longer, (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Breaker);
    }

    [Fact]
    public async Task GatewayRecovers_ItsLatestReportReplacesTheFormer()
    {
        await Grains.ApplyAsync(Delta.Target("t", "g", 1, breaker: Delta.Breaker(BreakerState.Open), active: 9), None);
        var view = await Grains.ApplyAsync(new TargetDelta("g", 2, "t", null, Delta.Closed, 0), None);

        Assert.Equal(BreakerState.Closed, view.Worst);
        Assert.Equal(0, (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Meter.Active);
    }

    [Fact]
    public async Task SilentGateway_NoLongerCountsAsActiveNorOpen()
    {
        await Grains.ApplyAsync(Delta.Target("t", "dead", 1, active: 5, breaker: Delta.Breaker(BreakerState.Open)), None);
        await Grains.ApplyAsync(Delta.Model("m", "dead", 1, active: 5), None);
        Time.Advance(GatewayReports.SilentAfter - TimeSpan.FromMilliseconds(1));
        await Grains.ApplyAsync(Delta.Target("t", "live", 1, active: 1), None);
        await Grains.ApplyAsync(Delta.Model("m", "live", 1, active: 1), None);
        Assert.Equal(6, (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Meter.Active);

        Time.Advance(TimeSpan.FromMilliseconds(2));
        var target = await Grains.GetTargetAsync("t", Window.OneMinute, None);
        Assert.Equal((1, BreakerState.Closed), (target.Meter.Active, target.Breaker?.State));
        Assert.Equal(1, (await Grains.GetModelAsync("m", Window.OneMinute, None)).Meter.Active);
        Assert.Equal(2, target.Meter.Counts[Counters.Count]);

        Time.Advance(GatewayReports.SilentAfter);
        Assert.Null((await Grains.GetTargetAsync("t", Window.OneMinute, None)).Breaker);
    }

    [Fact]
    public async Task ResentDelta_IsASignOfLife()
    {
        var delta = Delta.Target("t", "g", 1, active: 5);
        await Grains.ApplyAsync(delta, None);
        Time.Advance(TimeSpan.FromSeconds(9));
        await Grains.ApplyAsync(delta, None);
        Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(5, (await Grains.GetTargetAsync("t", Window.OneMinute, None)).Meter.Active);
    }

    [Fact]
    public async Task EightSendersAtOnce_TotalsAreExact()
    {
        const int Senders = 8;
        const int Deltas = 200;
        using var start = new Barrier(Senders);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Factory.StartNew(() => SendAsync(sender), None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        await AssertCountAsync(Senders * (Deltas * (Deltas + 1L) / 2));

        async Task SendAsync(int sender)
        {
            start.SignalAndWait(None);
            for (var sequence = 1; sequence <= Deltas; sequence++)
            {
                var target = Delta.Target("t", $"g{sender}", sequence, sequence);
                await Grains.ApplyAsync(target, None);
                await Grains.ApplyAsync(Delta.Model("m", $"g{sender}", sequence, sequence), None);
                await Grains.ApplyAsync(target, None);
                _ = await Grains.GetTargetAsync("t", Window.OneHour, None);
            }
        }
    }

    protected async Task AssertCountAsync(long expected)
    {
        foreach (var meter in new[] { (await Grains.GetTargetAsync("t", Window.OneHour, None)).Meter, (await Grains.GetModelAsync("m", Window.OneHour, None)).Meter })
        {
            Assert.Equal(expected, meter.Counts[Counters.Count]);
            Assert.Equal((expected, 1_000 * expected), (meter.Latency.Count, meter.Latency.SumMicros));
        }
    }
}
