using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>OpenAI's chat completions.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat</remarks>
internal class OpenAiDialect : Dialect
{
    private const string Bearer = "Bearer ";

    public static OpenAiDialect Instance { get; } = new();

    public override OpenAiErrors Errors => OpenAiErrors.Instance;

    public override bool HasUsageChunk => true;

    public override string? KeyOf(HttpRequest request) => BearerOf(request);

    /// <summary>The credential of an Authorization header; one without the word Bearer as it stands.</summary>
    public static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is not { Length: > 0 } sent ? null
        : sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? sent[Bearer.Length..]
        : sent;

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers, int promptTokens)
    {
        headers["x-request-id"] = $"req_{exchange.Id}";
        headers["openai-processing-ms"] = ((long)exchange.Elapsed.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        headers["openai-version"] = "2020-10-01";
        headers["openai-organization"] = exchange.Options.Name;
        if (exchange.Options.RateLimitHeaders)
        {
            AddRateLimits(RateLimits.Of(exchange.Fault, promptTokens), headers);
        }
    }

    public override ChatRequest ReadChat(Exchange exchange, JsonElement root) => OpenAiRequest.Read(root, Errors, exchange.Route.Model);

    public override void WriteAnswer(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan) => OpenAiAnswer.Write(json, exchange, request, plan);

    public override StreamWriter WriteStream(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan) => new ChunkWriter(output, exchange, request, plan);

    public override void WriteError(Utf8JsonWriter json, Exchange exchange, ApiError error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type);
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void AddRateLimits(RateLimits limits, IHeaderDictionary headers)
    {
        headers["x-ratelimit-limit-requests"] = "10000";
        headers["x-ratelimit-remaining-requests"] = limits.UsedUp ? "0" : "9999";
        headers["x-ratelimit-reset-requests"] = limits.UsedUp ? Duration(limits.Reset) : "6ms";
        headers["x-ratelimit-limit-tokens"] = "2000000";
        headers["x-ratelimit-remaining-tokens"] = limits.Tokens.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-tokens"] = limits.UsedUp ? Duration(limits.Reset) : "1ms";
    }

    // As Go prints durations: 850ms, 1.5s, 6m0s.
    private static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds}ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMinutes}m{span.TotalSeconds % 60}s"),
    };
}
