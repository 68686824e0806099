namespace Relay.Core.Cost;

/// <summary>Rates that replace a price's base rates for long prompts, as providers charge from 128k or 200k tokens on.</summary>
/// <param name="AboveInputTokens">The tier holds when <see cref="Usage.TotalInput"/> of the request is more than this; 0 or more.</param>
/// <param name="Rates">The rates of the whole request then, from its first token. Categories left null fall back within these rates, not to the base.</param>
public sealed record PriceTier(long AboveInputTokens, PriceRates Rates);

/// <summary>The price of a target: base rates, and tiers for long prompts. Immutable.</summary>
public sealed class Price
{
    private readonly PriceTier[] _highestFirst;

    /// <summary>Creates a price.</summary>
    /// <param name="rates">The rates of requests that no tier applies to.</param>
    /// <param name="tiers">Tiers in any order; thresholds are 0 or more, and each is there once.</param>
    /// <exception cref="ArgumentException">A threshold is negative or given twice.</exception>
    public Price(PriceRates rates, params IEnumerable<PriceTier> tiers)
    {
        ArgumentNullException.ThrowIfNull(rates);
        Rates = rates;
        _highestFirst = [.. tiers.OrderByDescending(tier => tier.AboveInputTokens)];
        for (var i = 0; i < _highestFirst.Length; i++)
        {
            var threshold = _highestFirst[i].AboveInputTokens;
            if (threshold < 0 || (i > 0 && threshold == _highestFirst[i - 1].AboveInputTokens))
            {
                throw new ArgumentException($"The threshold of {threshold} input tokens is negative or given twice.", nameof(tiers));
            }
        }
    }

    /// <summary>The rates of requests that no tier applies to.</summary>
    public PriceRates Rates { get; }

    /// <summary>The tiers, highest threshold first.</summary>
    public IReadOnlyList<PriceTier> Tiers => _highestFirst;

    /// <summary>The rates that hold for a whole request: those of the highest tier that its prompt exceeds, or the base.</summary>
    /// <param name="totalInputTokens">All tokens of the prompt, cached ones and audio included.</param>
    public PriceRates RatesFor(long totalInputTokens)
    {
        foreach (var tier in _highestFirst)
        {
            if (totalInputTokens > tier.AboveInputTokens)
            {
                return tier.Rates;
            }
        }

        return Rates;
    }

    /// <summary>What one request costs: tokens times rate over all categories, summed exactly, then rounded once to 1e-9 USD, half to even.</summary>
    /// <param name="usage">The usage of a single request: a sum of several would pick the wrong tier.</param>
    /// <exception cref="OverflowException">More than 9.2 billion USD; not possible for tokens within <see cref="Usage.MaxReportedTokens"/>.</exception>
    public NanoUsd Cost(in Usage usage)
    {
        var rates = RatesFor(usage.TotalInput);
        var microUsd = 0m;
        foreach (var category in TokenCategories.All)
        {
            var tokens = usage[category];
            if (tokens > 0)
            {
                microUsd += tokens * rates[category];
            }
        }

        // USD per million tokens is 1e-6 USD per token, and 1000 of 1e-9.
        return NanoUsd.FromNanos(microUsd * 1000);
    }
}
