using System.Globalization;
using System.Numerics;
using FsCheck.Fluent;
using Relay.Core.Cost;
using Relay.Core.Tests.Latency;

namespace Relay.Core.Tests.Cost;

public class PriceTests
{
    private static readonly PriceRates Cheap = new() { Input = 1m, Output = 2m };
    private static readonly PriceRates Dear = new() { Input = 10m, Output = 20m };

    [Fact]
    public void Cost_equals_exact_rational_arithmetic_rounded_once_half_to_even() =>
        Invariant.Holds(
            from usage in CostGen.Usage
            from rates in CostGen.Rates
            select (usage, rates),
            test => Assert.Equal(ExactNanos(test.usage, test.rates), new Price(test.rates).Cost(test.usage).Nanos),
            runs: 3000);

    [Fact]
    public void The_highest_exceeded_tier_prices_the_whole_request() =>
        Invariant.Holds(
            from usage in CostGen.Usage
            from tiers in (from above in Gen.Choose(0, 1_500_000) from rates in CostGen.Rates select new PriceTier(above, rates)).ArrayOf(4)
            from rates in CostGen.Rates
            select (usage, tiers: tiers.DistinctBy(tier => tier.AboveInputTokens).ToArray(), rates),
            test =>
            {
                var expected = test.rates;
                foreach (var tier in test.tiers.OrderBy(tier => tier.AboveInputTokens))
                {
                    expected = test.usage.TotalInput > tier.AboveInputTokens ? tier.Rates : expected;
                }

                Assert.Equal(ExactNanos(test.usage, expected), new Price(test.rates, test.tiers).Cost(test.usage).Nanos);
            },
            runs: 1000);

    [Theory]
    [InlineData(200_000, "0.2")]
    [InlineData(200_001, "2.00001")]
    public void A_tier_begins_above_its_threshold_and_holds_from_the_first_token(long tokens, string usd)
    {
        var price = new Price(Cheap, new PriceTier(200_000, Dear));
        Assert.Equal(usd, price.Cost(new Usage { InputTokens = tokens }).ToString());
        Assert.Equal(usd, price.Cost(new Usage { CachedInputTokens = tokens - 1, AudioInputTokens = 1 }).ToString());
    }

    [Theory]
    [InlineData(1, "0.0000005", 0)]
    [InlineData(3, "0.0005", 2)]
    [InlineData(5, "0.0005", 2)]
    [InlineData(7, "0.0005", 4)]
    public void Halves_of_a_nano_go_to_even(long tokens, string rate, long nanos)
    {
        var rates = new PriceRates { Input = decimal.Parse(rate, CultureInfo.InvariantCulture), Output = 0 };
        Assert.Equal(nanos, new Price(rates).Cost(new Usage { InputTokens = tokens }).Nanos);
    }

    [Fact]
    public void Rounding_happens_once_and_not_for_each_category()
    {
        // Half a nano for each of two categories: together exactly one. Rounded apart it would be none.
        var rates = new PriceRates { Input = 0.0005m, Output = 0.0005m };
        Assert.Equal(1, new Price(rates).Cost(new Usage { InputTokens = 1, OutputTokens = 1 }).Nanos);
    }

    [Fact]
    public void Categories_without_a_rate_cost_as_much_as_what_they_are_part_of()
    {
        var rates = new PriceRates { Input = 1m, Output = 2m };
        Assert.Equal([1m, 1m, 1m, 1m, 2m, 2m, 1m, 2m], TokenCategories.All.ToArray().Select(category => rates[category]));
        rates = rates with { CachedInput = 3m, CacheWrite5m = 4m, CacheWrite1h = 5m, Reasoning = 0m, AudioInput = 7m, AudioOutput = 8m };
        Assert.Equal([1m, 3m, 4m, 5m, 2m, 0m, 7m, 8m], TokenCategories.All.ToArray().Select(category => rates[category]));
    }

    [Fact]
    public void The_largest_believable_report_at_the_highest_rate_does_not_overflow()
    {
        var rates = new PriceRates { Input = PriceRates.MaxUsdPerMillion, Output = PriceRates.MaxUsdPerMillion };
        var usage = Usage.FromOpenAi(long.MaxValue, 0, 0, long.MaxValue, 0, 0);
        Assert.Equal("2000000000", new Price(rates).Cost(usage).ToString());
        Assert.Throws<OverflowException>(() => new Price(rates).Cost(CostGen.Of(_ => long.MaxValue)));
    }

    [Fact]
    public void Rates_and_tiers_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Cheap with { Input = -0.01m });
        Assert.Throws<ArgumentOutOfRangeException>(() => Cheap with { Reasoning = PriceRates.MaxUsdPerMillion + 1 });
        Assert.Throws<ArgumentException>(() => new Price(Cheap, new PriceTier(5, Dear), new PriceTier(5, Cheap)));
        Assert.Throws<ArgumentException>(() => new Price(Cheap, new PriceTier(-1, Dear)));
    }

    /// <summary>The oracle: fallbacks written out, rates as integers over a power of ten, and rounding by remainder.</summary>
    private static long ExactNanos(Usage usage, PriceRates rates)
    {
        var scale = BigInteger.Pow(10, 12);
        BigInteger Scaled(decimal rate) => (BigInteger)(rate * 1_000_000_000_000m);
        var numerator =
            (usage.InputTokens * Scaled(rates.Input))
            + (usage.CachedInputTokens * Scaled(rates.CachedInput ?? rates.Input))
            + (usage.CacheWrite5mTokens * Scaled(rates.CacheWrite5m ?? rates.Input))
            + (usage.CacheWrite1hTokens * Scaled(rates.CacheWrite1h ?? rates.Input))
            + (usage.AudioInputTokens * Scaled(rates.AudioInput ?? rates.Input))
            + (usage.OutputTokens * Scaled(rates.Output))
            + (usage.ReasoningTokens * Scaled(rates.Reasoning ?? rates.Output))
            + (usage.AudioOutputTokens * Scaled(rates.AudioOutput ?? rates.Output));
        var floor = BigInteger.DivRem(numerator * 1000, scale, out var rest);
        var roundsUp = rest * 2 > scale || (rest * 2 == scale && !floor.IsEven);
        return (long)(roundsUp ? floor + 1 : floor);
    }
}
