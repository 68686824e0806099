using Relay.Api.Stats;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Latency;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Api.Tests.Stats;

public class StatsQueryTests
{
    [Fact]
    public async Task SharedTarget_IsAskedOnce()
    {
        var grains = new FakeGrains(_ => Task.FromResult(FakeGrains.Empty));
        var query = new StatsQuery(grains, new FixedTopology(FixedTopology.Default), new ManualTimeProvider());
        _ = await query.GetAllAsync(Window.OneMinute, CancellationToken.None);
        Assert.Equal(["openai/gpt-4.1", "anthropic/claude"], grains.Asked);
    }

    [Fact]
    public async Task OneModel_AsksOnlyForIts()
    {
        var grains = new FakeGrains(_ => Task.FromResult(FakeGrains.Empty));
        var query = new StatsQuery(grains, new FixedTopology(FixedTopology.Default), new ManualTimeProvider());
        Assert.NotNull(await query.FindAsync("openai/gpt-4.1", Window.OneMinute, CancellationToken.None));
        Assert.Null(await query.FindAsync("nope", Window.OneMinute, CancellationToken.None));
        Assert.Equal(["openai/gpt-4.1"], grains.Asked);
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(3, 0, "0")]
    [InlineData(3, 3, "1")]
    [InlineData(10_000_000, 9_999_999, "0.999999")]
    public void SuccessRate_IsCutSoThatOneMeansAll(long count, long successes, string? expected)
    {
        var figures = Figures((Counters.Count, count), (Counters.Successes, successes));
        Assert.Equal(expected is null ? null : decimal.Parse(expected), figures.SuccessRate);
    }

    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(5, 1, 0, true)]
    [InlineData(5, 1, 1, true)]
    [InlineData(0, 0, 1, false)]
    public void Cost_IsUnknownWhenNothingHasAPrice(long nanos, long priced, long unpriced, bool known)
    {
        var figures = Figures((Counters.CostNanoUsd, nanos), (Counters.Priced, priced), (Counters.Unpriced, unpriced));
        Assert.Equal(known ? new NanoUsd(nanos) : null, figures.Cost);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, null, null)]
    [InlineData(0, 0, 5, 0, null, null)]
    [InlineData(420_000, 1_000, 1, 0, "0.00042", "2380952.381")]
    [InlineData(420_000, 1_000, 1, 9, "0.00042", "2380952.381")]
    [InlineData(1, 3, 1, 0, "0.000000333333", "3000000000")]
    [InlineData(0, 1_000, 1, 0, "0", null)]
    [InlineData(1_000, 0, 1, 0, null, null)]
    [InlineData(long.MaxValue, 1, 1, 0, "9223372036854.775807", "0")]
    [InlineData(1, long.MaxValue, 1, 0, "0", "9223372036854775807000000000")]
    public void CostOfTokens_IsExactAndOnlyOfPricedAnswers(long nanos, long tokens, long priced, long unpriced, string? per1000, string? perUsd)
    {
        var figures = Figures((Counters.CostNanoUsd, nanos), (Counters.PricedTokens, tokens), (Counters.Priced, priced), (Counters.Unpriced, unpriced), (Counters.Tokens(TokenCategory.Input), 77_777));
        Assert.Equal(per1000 is null ? null : decimal.Parse(per1000), figures.CostPer1000TokensUsd);
        Assert.Equal(perUsd is null ? null : decimal.Parse(perUsd), figures.TokensPerUsd);
    }

    [Fact]
    public async Task FullCounters_StopInsteadOfOverflowing()
    {
        var full = FakeGrains.Empty with { Counts = [.. Enumerable.Repeat(long.MaxValue, Counters.Width)], Active = int.MaxValue };
        var query = new StatsQuery(new FakeGrains(_ => Task.FromResult(full)), new FixedTopology(FixedTopology.Default), new ManualTimeProvider());
        var total = (await query.GetAllAsync(Window.OneMinute, CancellationToken.None)).Total;
        Assert.Equal((long.MaxValue, long.MaxValue, int.MaxValue), (total.Count, total.TotalTokens, total.Active));
        Assert.Equal(1, total.SuccessRate);
    }

    [Fact]
    public void BreakerWords_AreDistinctForEveryStateAndReason()
    {
        var states = Enum.GetValues<BreakerState>().Select(state => BreakerFigures.From(Traffic.Closed with { State = state })!.State).ToArray();
        var reasons = Enum.GetValues<BreakerReason>().Select(reason => BreakerFigures.From(Traffic.Closed with { Reason = reason })!.Reason).ToArray();
        Assert.Equal(["closed", "ramping", "half_open", "open"], states);
        Assert.Equal(["none", "consecutive_failures", "failure_ratio", "probe_failed", "probe_granted", "probe_succeeded", "ramp_finished", "slow", "forced", "reset", "cluster"], reasons);
    }

    private static MeterFigures Figures(params (int Place, long Value)[] counts) => MeterFigures.From(FakeGrains.Empty with { Counts = Traffic.Counts(counts) });
}
