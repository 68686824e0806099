namespace Relay.Simulator;

/// <summary>The tokens of an answer; a token is a word.</summary>
/// <param name="Prompt">All prompt tokens, cached and written ones among them.</param>
/// <param name="Completion">All answer tokens, reasoning among them.</param>
/// <param name="Cached">Prompt tokens read from the cache.</param>
/// <param name="CacheWrite5m">Prompt tokens written to the cache for five minutes.</param>
/// <param name="CacheWrite1h">Prompt tokens written to the cache for an hour.</param>
/// <param name="Reasoning">Tokens of thought.</param>
internal readonly record struct Usage(int Prompt, int Completion, int Cached, int CacheWrite5m, int CacheWrite1h, int Reasoning)
{
    /// <summary>Prompt tokens that the cache had nothing to do with.</summary>
    public int Uncached => Prompt - Cached - CacheWrite5m - CacheWrite1h;

    public static Usage Of(SimulatorOptions options, ChatRequest request, int words)
    {
        var reasoning = request.Thoughts != Thoughts.None ? options.ReasoningTokensOnEffort : options.ReasoningTokens;
        var cached = Share(options.CachedPromptPercent);
        var written = request.CacheWrite == CacheWrite.None ? 0 : Math.Min(Share(options.CacheWritePromptPercent), request.PromptTokens - cached);
        return new Usage(request.PromptTokens, words + reasoning, cached,
            request.CacheWrite == CacheWrite.FiveMinutes ? written : 0,
            request.CacheWrite == CacheWrite.OneHour ? written : 0, reasoning);

        int Share(int percent) => (int)((long)request.PromptTokens * percent / 100);
    }
}
