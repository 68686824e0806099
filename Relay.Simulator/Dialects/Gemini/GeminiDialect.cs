using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>Gemini's generateContent.</summary>
/// <remarks>https://ai.google.dev/api/generate-content</remarks>
internal sealed class GeminiDialect : Dialect
{
    public static GeminiDialect Instance { get; } = new();

    public override GeminiErrors Errors => GeminiErrors.Instance;

    public override string? KeyOf(HttpRequest request) =>
        request.Headers["x-goog-api-key"].ToString() is { Length: > 0 } key ? key
        : request.Query["key"].ToString() is { Length: > 0 } asked ? asked
        : OpenAiDialect.BearerOf(request);

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers, int promptTokens) =>
        headers["server-timing"] = string.Create(CultureInfo.InvariantCulture, $"gfet4t7; dur={(long)exchange.Elapsed.TotalMilliseconds}");

    // Google says it in the error's details.
    public override void AddRetryAfter(Exchange exchange, Fault fault, IHeaderDictionary headers)
    {
    }

    public override bool HasEndMark(Route route) => route.Form == StreamForm.Array;

    public override ChatRequest ReadChat(Exchange exchange, JsonElement root) => GeminiRequest.Read(root, exchange.Route);

    public override ChatRequest ReadCount(Exchange exchange, JsonElement root) => GeminiRequest.ReadCount(root, exchange.Route);

    public override void WriteAnswer(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan) => GeminiAnswer.Write(json, exchange, request, plan);

    public override void WriteCount(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteNumber("totalTokens"u8, request.PromptTokens);
        GeminiAnswer.WriteDetails(json, "promptTokensDetails"u8, request.PromptTokens);
    }

    public override StreamWriter WriteStream(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan) => new GeminiStream(output, exchange, request, plan);

    public override void WriteError(Utf8JsonWriter json, Exchange exchange, ApiError error)
    {
        if (error.Type == GeminiErrors.Blocked)
        {
            GeminiAnswer.WriteBlocked(json, exchange, error);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Status);
        json.WriteString("message"u8, error.Message);
        json.WriteString("status"u8, error.Type);
        GeminiDetails.Write(json, exchange, error);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>An array's error is an element of an array; a blocked prompt comes as an event where events were asked for.</summary>
    public override string WriteErrorBody(PooledBytes body, Exchange exchange, ApiError error)
    {
        var form = exchange.Route.Form;
        var asEvent = form == StreamForm.Events && error.Type == GeminiErrors.Blocked;
        body.Write(asEvent ? "data: " : form == StreamForm.Array ? "[" : "");
        using (var json = new Utf8JsonWriter(body, PooledBytes.JsonOptions))
        {
            WriteError(json, exchange, error);
        }

        body.Write(asEvent ? "\r\n\r\n" : form == StreamForm.Array ? "\n]\n" : "");
        return asEvent ? GeminiStream.EventStream : GeminiStream.JsonType;
    }
}
