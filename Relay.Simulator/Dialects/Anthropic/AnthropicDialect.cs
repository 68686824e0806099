using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>Anthropic's Messages API.</summary>
/// <remarks>https://platform.claude.com/docs/en/api/messages</remarks>
internal sealed class AnthropicDialect : Dialect
{
    public static AnthropicDialect Instance { get; } = new();

    public override AnthropicErrors Errors => AnthropicErrors.Instance;

    public override string? KeyOf(HttpRequest request) => request.Headers["x-api-key"].ToString() is { Length: > 0 } key ? key : OpenAiDialect.BearerOf(request);

    public override void CheckVersion(HttpRequest request)
    {
        var version = AnthropicVersion.Of(request);
        if (!AnthropicVersion.Known.Contains(version))
        {
            throw new ApiErrorException(AnthropicErrors.Invalid(version.Length == 0
                ? "anthropic-version: header is required"
                : $"anthropic-version: \"{version}\" is not a valid version"));
        }
    }

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers, int promptTokens)
    {
        headers["request-id"] = $"req_{exchange.Id}";
        headers["anthropic-organization-id"] = exchange.Options.Name;
        if (exchange.Options.RateLimitHeaders)
        {
            AddRateLimits(exchange, RateLimits.Of(exchange.Fault, promptTokens), headers);
        }
    }

    public override ChatRequest ReadChat(Exchange exchange, JsonElement root) => AnthropicRequest.Read(root, AnthropicVersion.Of(exchange.Http.Request), counts: false);

    public override ChatRequest ReadCount(Exchange exchange, JsonElement root) => AnthropicRequest.Read(root, AnthropicVersion.Of(exchange.Http.Request), counts: true);

    public override void WriteAnswer(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan) => AnthropicAnswer.Write(json, exchange, request, plan);

    public override void WriteCount(Utf8JsonWriter json, ChatRequest request) => json.WriteNumber("input_tokens"u8, request.PromptTokens);

    public override StreamWriter WriteStream(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan) => new AnthropicStream(output, exchange, request, plan);

    public override void WriteError(Utf8JsonWriter json, Exchange exchange, ApiError error)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, error.Type);
        json.WriteString("message"u8, error.Message);
        json.WriteEndObject();
        json.WriteString("request_id"u8, $"req_{exchange.Id}");
        json.WriteEndObject();
    }

    private static void AddRateLimits(Exchange exchange, RateLimits limits, IHeaderDictionary headers)
    {
        var reset = (exchange.Options.TimeProvider.GetUtcNow() + limits.Reset).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var tokens = limits.Tokens.ToString(CultureInfo.InvariantCulture);
        headers["anthropic-ratelimit-requests-limit"] = "10000";
        headers["anthropic-ratelimit-requests-remaining"] = limits.UsedUp ? "0" : "9999";
        headers["anthropic-ratelimit-requests-reset"] = reset;
        headers["anthropic-ratelimit-input-tokens-limit"] = "2000000";
        headers["anthropic-ratelimit-input-tokens-remaining"] = tokens;
        headers["anthropic-ratelimit-input-tokens-reset"] = reset;
        headers["anthropic-ratelimit-output-tokens-limit"] = "400000";
        headers["anthropic-ratelimit-output-tokens-remaining"] = limits.UsedUp ? "0" : "400000";
        headers["anthropic-ratelimit-output-tokens-reset"] = reset;
        headers["anthropic-ratelimit-tokens-limit"] = "2400000";
        headers["anthropic-ratelimit-tokens-remaining"] = limits.UsedUp ? "0" : "2400000";
        headers["anthropic-ratelimit-tokens-reset"] = reset;
    }
}
