namespace Relay.Silo.Grains;

/// <summary>
/// How fast a streamed answer came, in thousandths of a token per second: the distributions hold whole numbers made for microseconds,
/// and a thousandth is to tokens per second what a microsecond is to milliseconds.
/// </summary>
public static class TokenRate
{
    /// <summary>How many units make one token per second.</summary>
    public const int UnitsPerTokenPerSecond = 1_000;

    /// <summary>
    /// Output tokens after the first one, by the time after the first one, which only marks where that time starts. The figure that
    /// <c>llm_tokens_per_second</c> shows.
    /// </summary>
    /// <param name="outputTokens">All generated tokens.</param>
    /// <param name="latency">From the start to the end.</param>
    /// <param name="firstToken">From the start to the first token; null for plain answers and when none came.</param>
    /// <returns>Thousandths of a token per second; null when there are not two tokens, or no time between them.</returns>
    public static long? Of(long outputTokens, TimeSpan latency, TimeSpan? firstToken)
    {
        var span = latency - (firstToken ?? latency);
        return outputTokens > 1 && span > TimeSpan.Zero ? (long)((outputTokens - 1) * UnitsPerTokenPerSecond / span.TotalSeconds) : null;
    }
}
