namespace Relay.Core.Cost;

/// <summary>
/// The tokens of an attempt, or a sum of such, in disjoint categories: adding up all properties counts each token once.
/// No count is ever negative or above <see cref="MaxTokens"/>; what is set beyond that becomes the bound.
/// </summary>
public readonly record struct Usage
{
    /// <summary>The largest count of one category: 2^59, so that no total overflows. Sums stop there.</summary>
    public const long MaxTokens = long.MaxValue >> 4;

    /// <summary>The largest total a provider is believed for one attempt, prompt or completion: 10^9 tokens. Anything above is a malformed report, cut to this.</summary>
    public const long MaxReportedTokens = 1_000_000_000;

    /// <summary>Prompt text tokens that were neither read from nor written to a cache.</summary>
    public long InputTokens { get; init => field = Bound(value); }

    /// <summary>Prompt tokens read from the provider's cache.</summary>
    public long CachedInputTokens { get; init => field = Bound(value); }

    /// <summary>Prompt tokens written to the provider's cache for 5 minutes.</summary>
    public long CacheWrite5mTokens { get; init => field = Bound(value); }

    /// <summary>Prompt tokens written to the provider's cache for 1 hour.</summary>
    public long CacheWrite1hTokens { get; init => field = Bound(value); }

    /// <summary>Generated text tokens, without reasoning.</summary>
    public long OutputTokens { get; init => field = Bound(value); }

    /// <summary>Generated reasoning tokens, shown or hidden.</summary>
    public long ReasoningTokens { get; init => field = Bound(value); }

    /// <summary>Audio tokens of the prompt.</summary>
    public long AudioInputTokens { get; init => field = Bound(value); }

    /// <summary>Generated audio tokens.</summary>
    public long AudioOutputTokens { get; init => field = Bound(value); }

    /// <summary>True when the provider did not report (all of) it, as for a stream that was cut, and Relay estimated.</summary>
    public bool Estimated { get; init; }

    /// <summary>All tokens of the prompt, cached ones and audio included; what price tiers look at.</summary>
    public long TotalInput => InputTokens + CachedInputTokens + CacheWrite5mTokens + CacheWrite1hTokens + AudioInputTokens;

    /// <summary>All generated tokens, reasoning and audio included.</summary>
    public long TotalOutput => OutputTokens + ReasoningTokens + AudioOutputTokens;

    /// <summary>All tokens.</summary>
    public long Total => TotalInput + TotalOutput;

    /// <summary>The tokens of one category.</summary>
    /// <param name="category">A defined category.</param>
    public long this[TokenCategory category] => category switch
    {
        TokenCategory.Input => InputTokens,
        TokenCategory.CachedInput => CachedInputTokens,
        TokenCategory.CacheWrite5m => CacheWrite5mTokens,
        TokenCategory.CacheWrite1h => CacheWrite1hTokens,
        TokenCategory.Output => OutputTokens,
        TokenCategory.Reasoning => ReasoningTokens,
        TokenCategory.AudioInput => AudioInputTokens,
        TokenCategory.AudioOutput => AudioOutputTokens,
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "Not a token category."),
    };

    /// <summary>Adds category by category, each at most <see cref="MaxTokens"/>; estimated when either is.</summary>
    /// <param name="a">Any usage.</param>
    /// <param name="b">Any usage.</param>
    public static Usage operator +(in Usage a, in Usage b) => new()
    {
        InputTokens = a.InputTokens + b.InputTokens,
        CachedInputTokens = a.CachedInputTokens + b.CachedInputTokens,
        CacheWrite5mTokens = a.CacheWrite5mTokens + b.CacheWrite5mTokens,
        CacheWrite1hTokens = a.CacheWrite1hTokens + b.CacheWrite1hTokens,
        OutputTokens = a.OutputTokens + b.OutputTokens,
        ReasoningTokens = a.ReasoningTokens + b.ReasoningTokens,
        AudioInputTokens = a.AudioInputTokens + b.AudioInputTokens,
        AudioOutputTokens = a.AudioOutputTokens + b.AudioOutputTokens,
        Estimated = a.Estimated || b.Estimated,
    };

    /// <summary>
    /// Makes disjoint categories of OpenAI's <c>usage</c> object, whose details are parts of its totals. The totals are
    /// trusted (0 to <see cref="MaxReportedTokens"/>): details that exceed them are cut, cached before audio and reasoning
    /// before audio, so that <see cref="TotalInput"/> and <see cref="TotalOutput"/> are what was reported.
    /// </summary>
    /// <param name="promptTokens"><c>prompt_tokens</c> (or <c>input_tokens</c>): all of the prompt.</param>
    /// <param name="cachedTokens"><c>prompt_tokens_details.cached_tokens</c>.</param>
    /// <param name="audioIn"><c>prompt_tokens_details.audio_tokens</c>.</param>
    /// <param name="completionTokens"><c>completion_tokens</c> (or <c>output_tokens</c>): all that was generated.</param>
    /// <param name="reasoningTokens"><c>completion_tokens_details.reasoning_tokens</c>.</param>
    /// <param name="audioOut"><c>completion_tokens_details.audio_tokens</c>.</param>
    public static Usage FromOpenAi(long promptTokens, long cachedTokens, long audioIn, long completionTokens, long reasoningTokens, long audioOut)
    {
        var prompt = Math.Clamp(promptTokens, 0, MaxReportedTokens);
        var cached = Math.Clamp(cachedTokens, 0, prompt);
        var promptAudio = Math.Clamp(audioIn, 0, prompt - cached);
        var completion = Math.Clamp(completionTokens, 0, MaxReportedTokens);
        var reasoning = Math.Clamp(reasoningTokens, 0, completion);
        var completionAudio = Math.Clamp(audioOut, 0, completion - reasoning);
        return new Usage
        {
            InputTokens = prompt - cached - promptAudio,
            CachedInputTokens = cached,
            AudioInputTokens = promptAudio,
            OutputTokens = completion - reasoning - completionAudio,
            ReasoningTokens = reasoning,
            AudioOutputTokens = completionAudio,
        };
    }

    /// <summary>This, with tokens that were written to a cache taken out of <see cref="InputTokens"/>; more than that is cut, the 5 minutes before the hour.</summary>
    /// <param name="fiveMinutes">Prompt tokens written for 5 minutes.</param>
    /// <param name="oneHour">Prompt tokens written for 1 hour.</param>
    public Usage WithCacheWrites(long fiveMinutes, long oneHour)
    {
        var five = Math.Clamp(fiveMinutes, 0, InputTokens);
        var hour = Math.Clamp(oneHour, 0, InputTokens - five);
        return this with { InputTokens = InputTokens - five - hour, CacheWrite5mTokens = five, CacheWrite1hTokens = hour };
    }

    private static long Bound(long tokens) => Math.Clamp(tokens, 0, MaxTokens);
}
