namespace Relay.Core.Cost;

/// <summary>The disjoint categories of tokens, each with its own price: a token is counted in exactly one.</summary>
public enum TokenCategory
{
    /// <summary>Prompt text at the full price.</summary>
    Input = 0,

    /// <summary>Prompt read from the provider's cache.</summary>
    CachedInput = 1,

    /// <summary>Prompt written to the provider's cache for 5 minutes.</summary>
    CacheWrite5m = 2,

    /// <summary>Prompt written to the provider's cache for 1 hour.</summary>
    CacheWrite1h = 3,

    /// <summary>Generated text, without reasoning.</summary>
    Output = 4,

    /// <summary>Generated reasoning, shown or hidden.</summary>
    Reasoning = 5,

    /// <summary>Audio in the prompt.</summary>
    AudioInput = 6,

    /// <summary>Generated audio.</summary>
    AudioOutput = 7,
}

/// <summary>The categories as a list, and their names.</summary>
public static class TokenCategories
{
    /// <summary>How many categories there are: 8.</summary>
    public const int Count = 8;

    private static readonly TokenCategory[] List = Enum.GetValues<TokenCategory>();

    /// <summary>Every category, in order.</summary>
    public static ReadOnlySpan<TokenCategory> All => List;

    /// <summary>The name in metrics (label <c>type</c>), config and API.</summary>
    /// <param name="category">A defined category.</param>
    public static string Label(this TokenCategory category) => category switch
    {
        TokenCategory.Input => "input",
        TokenCategory.CachedInput => "cached_input",
        TokenCategory.CacheWrite5m => "cache_write_5m",
        TokenCategory.CacheWrite1h => "cache_write_1h",
        TokenCategory.Output => "output",
        TokenCategory.Reasoning => "reasoning",
        TokenCategory.AudioInput => "audio_input",
        TokenCategory.AudioOutput => "audio_output",
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "Not a token category."),
    };
}
