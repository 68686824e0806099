using FsCheck;
using FsCheck.Fluent;
using Relay.Core.Cost;
using Relay.Core.Tests.Latency;

namespace Relay.Core.Tests.Cost;

public class UsageTests
{
    private static readonly Gen<long> Reported = Gen.Frequency(
        (6, Gen.Choose(0, 2000).Select(tokens => (long)tokens)),
        (1, Gen.Elements(long.MinValue, -1L, Usage.MaxReportedTokens, Usage.MaxReportedTokens + 1, long.MaxValue)));

    [Fact]
    public void OpenAi_totals_are_kept_and_details_never_exceed_them() =>
        Invariant.Holds(
            Reported.ArrayOf(6),
            r =>
            {
                var usage = Usage.FromOpenAi(r[0], r[1], r[2], r[3], r[4], r[5]);
                Assert.Equal(Math.Clamp(r[0], 0, Usage.MaxReportedTokens), usage.TotalInput);
                Assert.Equal(Math.Clamp(r[3], 0, Usage.MaxReportedTokens), usage.TotalOutput);
                Assert.Equal(usage.TotalInput + usage.TotalOutput, usage.Total);
                Assert.All(TokenCategories.All.ToArray(), category => Assert.True(usage[category] >= 0));
                Assert.Equal(Math.Clamp(r[1], 0, usage.TotalInput), usage.CachedInputTokens);
                Assert.Equal(Math.Clamp(r[4], 0, usage.TotalOutput), usage.ReasoningTokens);
                Assert.False(usage.Estimated);
            },
            runs: 2000);

    [Theory]
    [InlineData(100, 30, 20, 50, 10, 5, new long[] { 50, 30, 20, 35, 10, 5 })]
    [InlineData(100, 90, 20, 50, 45, 10, new long[] { 0, 90, 10, 0, 45, 5 })]
    [InlineData(100, 150, 20, 50, 60, 10, new long[] { 0, 100, 0, 0, 50, 0 })]
    [InlineData(-5, 3, 3, -5, 3, 3, new long[] { 0, 0, 0, 0, 0, 0 })]
    [InlineData(10, -1, -1, 10, -1, -1, new long[] { 10, 0, 0, 10, 0, 0 })]
    public void OpenAi_details_are_taken_out_of_the_totals(long prompt, long cached, long audioIn, long completion, long reasoning, long audioOut, long[] expected)
    {
        var usage = Usage.FromOpenAi(prompt, cached, audioIn, completion, reasoning, audioOut);
        Assert.Equal(
            expected,
            new[] { usage.InputTokens, usage.CachedInputTokens, usage.AudioInputTokens, usage.OutputTokens, usage.ReasoningTokens, usage.AudioOutputTokens });
    }

    [Theory]
    [InlineData(100, 30, 20, new long[] { 50, 30, 20 })]
    [InlineData(100, 90, 20, new long[] { 0, 90, 10 })]
    [InlineData(100, 200, 20, new long[] { 0, 100, 0 })]
    [InlineData(100, -1, -1, new long[] { 100, 0, 0 })]
    public void Cache_writes_are_taken_out_of_the_input(long input, long fiveMinutes, long oneHour, long[] expected)
    {
        var usage = new Usage { InputTokens = input, OutputTokens = 7 }.WithCacheWrites(fiveMinutes, oneHour);
        Assert.Equal(expected, new[] { usage.InputTokens, usage.CacheWrite5mTokens, usage.CacheWrite1hTokens });
        Assert.Equal(input + 7, usage.Total);
    }

    [Fact]
    public void Adding_is_by_category_and_keeps_the_mark_of_an_estimate() =>
        Invariant.Holds(
            CostGen.Usage.Three(),
            three =>
            {
                var (a, b, c) = three;
                var sum = a + b;
                Assert.All(TokenCategories.All.ToArray(), category => Assert.Equal(a[category] + b[category], sum[category]));
                Assert.Equal(a.Total + b.Total, sum.Total);
                Assert.Equal(a.Estimated || b.Estimated, sum.Estimated);
                Assert.Equal(b + a, sum);
                Assert.Equal(a + (b + c), sum + c);
                Assert.Equal(a, a + default(Usage));
            });

    [Fact]
    public void Counts_are_never_negative_and_totals_never_overflow()
    {
        var usage = CostGen.Of(_ => long.MaxValue);
        Assert.Equal(8 * Usage.MaxTokens, usage.Total);
        Assert.Equal(usage, usage + usage);
        Assert.Equal(default, CostGen.Of(_ => long.MinValue));
        Assert.Equal(default, CostGen.Of(_ => 5) with { InputTokens = -1, CachedInputTokens = 0, CacheWrite5mTokens = 0, CacheWrite1hTokens = 0, OutputTokens = 0, ReasoningTokens = 0, AudioInputTokens = 0, AudioOutputTokens = 0 });
    }

    [Fact]
    public void Every_category_has_its_own_property_and_label()
    {
        var usage = CostGen.Of(category => 1L << (int)category);
        Assert.Equal(TokenCategories.Count, TokenCategories.All.Length);
        Assert.All(TokenCategories.All.ToArray(), category => Assert.Equal(1L << (int)category, usage[category]));
        Assert.Equal(
            ["input", "cached_input", "cache_write_5m", "cache_write_1h", "output", "reasoning", "audio_input", "audio_output"],
            TokenCategories.All.ToArray().Select(category => category.Label()));
        Assert.Throws<ArgumentOutOfRangeException>(() => usage[(TokenCategory)8]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ((TokenCategory)8).Label());
    }
}
