using System.Net;

namespace Relay.Simulator;

/// <summary>How one simulated provider behaves when no fault is scripted. Every limit has a default.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The provider's name, shown in answers' headers, in /healthz and in the ready line.</summary>
    public string Name { get; init; } = "sim";

    /// <summary>The address to listen on; loopback by default.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>The HTTP/1.1 port; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>A second port for HTTP/2 with prior knowledge (h2c); 0 picks a free one, null (the default) serves none.</summary>
    public int? Http2Port { get; init; }

    /// <summary>The seed of answers, delays and probabilities. The same seed gives the same answers on every simulator.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long tokens take; none by default.</summary>
    public LatencyOptions Latency { get; init; } = LatencyOptions.None;

    /// <summary>Words in a whole answer, 1 to 100,000.</summary>
    public int DefaultWords { get; init; } = 60;

    /// <summary>Words in one streamed chunk, at least 1.</summary>
    public int WordsPerChunk { get; init; } = 1;

    /// <summary>For benches: chunks that need no pause are sent together. Cuts by reset may then lose words still buffered.</summary>
    public bool CoalesceChunks { get; init; }

    /// <summary>Plain chat answers are padded to at least this many bytes by an extra field; 0 adds none.</summary>
    public int PadResponseToBytes { get; init; }

    /// <summary>When set, a request needs exactly this credential, in the header of its dialect; else it is refused as the real API would.</summary>
    public string? ApiKey { get; init; }

    /// <summary>True (the default): the model's name does not change the answer, so that failover can be checked word by word.</summary>
    public bool SameAnswerForEveryModel { get; init; } = true;

    /// <summary>What GET /v1/models lists. Any other model name is answered too.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["gpt-sim", "gpt-sim-mini", "text-embedding-sim"];

    /// <summary>Length of an embedding when the request names none, 1 to 4,096.</summary>
    public int EmbeddingDimensions { get; init; } = 256;

    /// <summary>The share of prompt tokens that usage reports as cached, in percent, 0 to 100.</summary>
    public int CachedPromptPercent { get; init; } = 25;

    /// <summary>The share of prompt tokens that usage reports as written to the cache, for Anthropic requests with a cache_control, in percent, 0 to 100.</summary>
    public int CacheWritePromptPercent { get; init; } = 10;

    /// <summary>Reasoning tokens that usage reports for a request that asks for no reasoning.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Reasoning tokens that usage reports for a request that asks for reasoning (reasoning_effort, thinking, thinkingConfig); also the words of thoughts that are shown.</summary>
    public int ReasoningTokensOnEffort { get; init; } = 32;

    /// <summary>Answers have the rate-limit headers of their provider (Gemini has none); true by default.</summary>
    public bool RateLimitHeaders { get; init; } = true;

    /// <summary>Requests kept by the log; the oldest is overwritten.</summary>
    public int LogCapacity { get; init; } = 10_000;

    /// <summary>Bytes of each request's body kept by the log; the rest is dropped. 0 keeps none.</summary>
    public int LogBodyBytes { get; init; } = 16_384;

    /// <summary>The largest request body, in bytes; a larger one gets 413.</summary>
    public int MaxRequestBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>The clock of delays, fault windows and the log.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Everything that is wrong with these options, one sentence each; empty when they are good.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Port, 0, 65_535, "port");
        Check(Http2Port ?? 0, 0, 65_535, "http2-port");
        Check(DefaultWords, 1, 100_000, "words");
        Check(WordsPerChunk, 1, 100_000, "words-per-chunk");
        Check(PadResponseToBytes, 0, 16 * 1024 * 1024, "pad-bytes");
        Check(EmbeddingDimensions, 1, Embedding.MaxDimensions, "embedding-dimensions");
        Check(CachedPromptPercent, 0, 100, "cached-percent");
        Check(CacheWritePromptPercent, 0, 100, "cache-write-percent");
        Check(ReasoningTokens, 0, int.MaxValue / 4, "reasoning-tokens");
        Check(ReasoningTokensOnEffort, 0, 100_000, "reasoning-tokens-on-effort");
        Check(LogCapacity, 1, 1_000_000, "log-capacity");
        Check(LogBodyBytes, 0, int.MaxValue / 4, "log-body-bytes");
        Check(MaxRequestBytes, 1, int.MaxValue / 4, "max-request-bytes");
        if (Port != 0 && Port == Http2Port)
        {
            problems.Add($"port and http2-port are both {Port}");
        }

        return problems;

        void Check(int value, int min, int max, string name)
        {
            if (value < min || value > max)
            {
                problems.Add($"{name} is {value}; it must be {min} to {max}");
            }
        }
    }
}
