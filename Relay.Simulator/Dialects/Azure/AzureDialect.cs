using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relay.Simulator;

/// <summary>Azure OpenAI: OpenAI's bodies behind deployment paths, an api-version and an api-key, with what its content filter found.</summary>
/// <remarks>https://learn.microsoft.com/azure/ai-foundry/openai/reference</remarks>
internal sealed class AzureDialect(bool needsVersion) : OpenAiDialect
{
    public static new AzureDialect Instance { get; } = new(needsVersion: true);

    /// <summary>The paths below /openai/v1, which need no api-version.</summary>
    public static AzureDialect V1 { get; } = new(needsVersion: false);

    public override AzureErrors Errors => AzureErrors.Azure;

    public override string? KeyOf(HttpRequest request) => request.Headers["api-key"].ToString() is { Length: > 0 } key ? key : BearerOf(request);

    public override void CheckVersion(HttpRequest request)
    {
        if (needsVersion && request.Query["api-version"].Count == 0)
        {
            throw new ApiErrorException(Errors.NoSuchPath(request.Method, request.Path.Value ?? ""));
        }
    }

    public override void AddHeaders(Exchange exchange, IHeaderDictionary headers, int promptTokens)
    {
        base.AddHeaders(exchange, headers, promptTokens);
        headers["apim-request-id"] = exchange.Id;
        headers["x-ms-region"] = "Simulated";
    }

    public override void WriteAnswer(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan)
    {
        OpenAiAnswer.Write(json, exchange, request, plan, filtered: true);
        json.WritePropertyName("prompt_filter_results"u8);
        json.WriteRawValue(AzureFilters.Prompt);
    }

    public override StreamWriter WriteStream(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan) => new AzureChunkWriter(output, exchange, request, plan);

    public override void WriteError(Utf8JsonWriter json, Exchange exchange, ApiError error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        if (error.Type is not null)
        {
            json.WriteString("type"u8, error.Type);
            json.WriteString("param"u8, error.Param);
        }

        if (error.Code == AzureErrors.ContentFilter)
        {
            json.WriteString("param"u8, "prompt"u8);
            json.WriteNumber("status"u8, error.Status);
            json.WritePropertyName("innererror"u8);
            json.WriteRawValue(AzureFilters.Violation);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A stream begins with what the filter found in the prompt, in a chunk without choices; every choice has what it found there.</summary>
    private sealed class AzureChunkWriter(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan) : ChunkWriter(output, exchange, request, plan)
    {
        public override void Start()
        {
            Write("""data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":"""u8);
            Write(AzureFilters.Prompt);
            Write("}\n\n"u8);
            base.Start();
        }

        protected override void ChoiceFields()
        {
            Write(""","content_filter_results":"""u8);
            Write(AzureFilters.Safe);
        }
    }
}

/// <summary>Findings of Azure's content filter.</summary>
internal static class AzureFilters
{
    /// <summary>Nothing found.</summary>
    public static ReadOnlySpan<byte> Safe =>
        """{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}"""u8;

    /// <summary>Nothing found in the prompt.</summary>
    public static ReadOnlySpan<byte> Prompt =>
        """[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}}]"""u8;

    /// <summary>The innererror of a refused prompt.</summary>
    public static ReadOnlySpan<byte> Violation =>
        """{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":true,"severity":"high"}}}"""u8;
}
