namespace Relay.Core.Cost;

/// <summary>
/// What one million tokens cost, in US dollars, by category. A category without a rate of its own costs as much as what
/// it is a part of: cached input, cache writes and audio input as <see cref="Input"/>, reasoning and audio output as <see cref="Output"/>.
/// </summary>
/// <remarks>Every rate is 0 to <see cref="MaxUsdPerMillion"/>; setting another throws <see cref="ArgumentOutOfRangeException"/>.</remarks>
public sealed record PriceRates
{
    /// <summary>
    /// The highest rate: 1,000,000 USD per million tokens. With at most <see cref="Usage.MaxReportedTokens"/> for the prompt
    /// and as many for the completion, the cost of one attempt always fits <see cref="NanoUsd"/>.
    /// </summary>
    public const decimal MaxUsdPerMillion = 1_000_000m;

    /// <summary>Prompt tokens at the full price, USD per million.</summary>
    public required decimal Input { get; init => field = Check(value); }

    /// <summary>Generated tokens, USD per million.</summary>
    public required decimal Output { get; init => field = Check(value); }

    /// <summary>Prompt tokens read from the provider's cache, USD per million; null: as <see cref="Input"/>.</summary>
    public decimal? CachedInput { get; init => field = Check(value); }

    /// <summary>Prompt tokens written to the provider's cache for 5 minutes, USD per million; null: as <see cref="Input"/>.</summary>
    public decimal? CacheWrite5m { get; init => field = Check(value); }

    /// <summary>Prompt tokens written to the provider's cache for 1 hour, USD per million; null: as <see cref="Input"/>.</summary>
    public decimal? CacheWrite1h { get; init => field = Check(value); }

    /// <summary>Reasoning tokens, USD per million; null: as <see cref="Output"/>.</summary>
    public decimal? Reasoning { get; init => field = Check(value); }

    /// <summary>Audio tokens of the prompt, USD per million; null: as <see cref="Input"/>.</summary>
    public decimal? AudioInput { get; init => field = Check(value); }

    /// <summary>Generated audio tokens, USD per million; null: as <see cref="Output"/>.</summary>
    public decimal? AudioOutput { get; init => field = Check(value); }

    /// <summary>The rate that holds for a category, fallback included, in USD per million tokens.</summary>
    /// <param name="category">A defined category.</param>
    public decimal this[TokenCategory category] => category switch
    {
        TokenCategory.Input => Input,
        TokenCategory.CachedInput => CachedInput ?? Input,
        TokenCategory.CacheWrite5m => CacheWrite5m ?? Input,
        TokenCategory.CacheWrite1h => CacheWrite1h ?? Input,
        TokenCategory.Output => Output,
        TokenCategory.Reasoning => Reasoning ?? Output,
        TokenCategory.AudioInput => AudioInput ?? Input,
        TokenCategory.AudioOutput => AudioOutput ?? Output,
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "Not a token category."),
    };

    private static decimal Check(decimal rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, MaxUsdPerMillion);
        return rate;
    }

    private static decimal? Check(decimal? rate) => rate is { } value ? Check(value) : null;
}
