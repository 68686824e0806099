using Relay.Gateway.Attempts;
using Relay.Gateway.Config;

namespace Relay.Gateway.Telemetry;

/// <summary>
/// Names of OpenTelemetry's GenAI semantic conventions (https://github.com/open-telemetry/semantic-conventions-genai, development
/// status), and of what is Relay's own. docs/telemetry.md has all of them; a test holds the two together.
/// </summary>
internal static class GenAi
{
    /// <summary>The source of the spans, and the meter: instrumentation scope of both.</summary>
    public const string Scope = "Relay.Gateway";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestStream = "gen_ai.request.stream";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestChoices = "gen_ai.request.choice.count";
    public const string RequestTemperature = "gen_ai.request.temperature";
    public const string RequestTopP = "gen_ai.request.top_p";
    public const string RequestTopK = "gen_ai.request.top_k";
    public const string RequestFrequencyPenalty = "gen_ai.request.frequency_penalty";
    public const string RequestPresencePenalty = "gen_ai.request.presence_penalty";
    public const string RequestSeed = "gen_ai.request.seed";
    public const string OutputType = "gen_ai.output.type";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseModel = "gen_ai.response.model";
    public const string ResponseFinishReasons = "gen_ai.response.finish_reasons";
    public const string ResponseTimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheCreationTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string HttpStatus = "http.response.status_code";

    public const string RequestId = "relay.request_id";
    public const string Endpoint = "relay.endpoint";
    public const string Model = "relay.model";
    public const string Key = "relay.key";
    public const string Target = "relay.target";
    public const string Attempts = "relay.attempts";
    public const string Rescued = "relay.rescued";
    public const string CostUsd = "relay.cost_usd";
    public const string UsageEstimated = "relay.usage_estimated";
    public const string OverheadMs = "relay.overhead_ms";
    public const string ContentCut = "relay.content_cut";
    public const string TagPrefix = "relay.tag.";
    public const string Attempt = "relay.attempt";
    public const string IsRetry = "relay.attempt.retry";
    public const string IsRescue = "relay.attempt.rescue";
    public const string IsSlow = "relay.attempt.slow";
    public const string Credential = "relay.credential";
    public const string From = "relay.from";
    public const string To = "relay.to";

    public const string FirstTokenEvent = "relay.first_token";
    public const string FailoverEvent = "relay.failover";
    public const string RescueEvent = "relay.rescue";

    /// <summary>The operations by endpoint; the last one is none of the conventions'.</summary>
    private static readonly string[] Operations = ["chat", "embeddings", "count_tokens"];

    private static readonly (string Host, string Provider)[] Hosts =
    [
        (".openai.azure.com", "azure.ai.openai"),
        ("generativelanguage.googleapis.com", "gcp.gemini"),
        ("aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("api.anthropic.com", "anthropic"),
        ("api.cohere.com", "cohere"),
        ("api.deepseek.com", "deepseek"),
        ("api.groq.com", "groq"),
        ("api.mistral.ai", "mistral_ai"),
        ("api.moonshot.ai", "moonshot_ai"),
        ("api.perplexity.ai", "perplexity"),
        ("api.x.ai", "x_ai"),
    ];

    /// <summary><c>gen_ai.operation.name</c> of an endpoint.</summary>
    public static string OperationOf(EndpointKind endpoint) => Operations[(int)endpoint];

    /// <summary><c>gen_ai.provider.name</c>: by the host where that is well known, else by the dialect, as the conventions have it for compatible servers.</summary>
    public static string ProviderOf(ProviderOptions provider)
    {
        foreach (var (host, name) in Hosts)
        {
            if (provider.BaseUrl.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return provider.Dialect switch
        {
            Dialect.Azure => "azure.ai.openai",
            Dialect.Anthropic => "anthropic",
            Dialect.Gemini => "gcp.gemini",
            _ => "openai",
        };
    }
}
