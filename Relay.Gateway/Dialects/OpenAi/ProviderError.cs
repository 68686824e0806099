using System.Text.Json;
using Relay.Core.Errors;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>The error that a provider sent: <c>{"error":{...}}</c>, <c>{"error":"..."}</c> or <c>{"message":"..."}</c>, as servers vary.</summary>
/// <param name="IsJson">The body is a JSON object.</param>
/// <param name="Message">Its message, or null.</param>
/// <param name="Type">Its type, or null.</param>
/// <param name="Code">Its code, or null; numbers as text.</param>
internal readonly record struct ProviderError(bool IsJson, string? Message, string? Type, string? Code)
{
    /// <summary>The kind, where the dialect that read the error knows it better than the words below would tell; or null.</summary>
    public ErrorKind? Kind { get; init; }

    /// <summary>When to come back, for a provider that says it in the body; a header goes first. Or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The request field that it blames, or null.</summary>
    public string? Param { get; init; }

    /// <summary>Reads an error body or an error event.</summary>
    public static ProviderError Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var error = root.TryGetProperty("error", out var inner) ? inner : root;
            return error.ValueKind == JsonValueKind.Object
                ? new(true, Text(error, "message"), Text(error, "type"), Text(error, "code")) { Param = Text(error, "param") }
                : new(true, error.ValueKind == JsonValueKind.String ? error.GetString() : null, null, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>The kind of an answer that is no success.</summary>
    /// <param name="status">Its HTTP status; for an error inside a 200 stream, 200.</param>
    public ErrorKind Classify(int status) => Kind ?? status switch
    {
        400 or 422 => ClassifyBadRequest(),
        401 or 403 => ErrorKind.ProviderAuth,
        402 => ErrorKind.ProviderQuota,
        407 => ErrorKind.ConnectFailed,
        404 or 405 or 410 => ErrorKind.ProviderNotFound,
        413 => ErrorKind.TooLarge,
        429 => IsQuota ? ErrorKind.ProviderQuota : ErrorKind.ProviderRateLimited,
        408 or 409 or 425 => ErrorKind.ProviderError,
        503 or 529 => ErrorKind.ProviderOverloaded,
        >= 400 and < 500 => ErrorKind.InvalidRequest,
        200 => ClassifyInStream(),
        _ => ErrorKind.ProviderError,
    };

    /// <summary>It says that the prompt does not fit into the model's context window, in OpenAI's or Anthropic's words.</summary>
    public bool IsContextLength =>
        Is("context_length_exceeded") || Says("maximum context length") || Says("context window")
        || Says("prompt is too long") || Says("exceed context limit");

    // Anthropic says 400 when the credit or a spend limit is used up, and only the words tell it from a bad request.
    private bool IsQuota =>
        Is("insufficient_quota") || Is("billing_hard_limit_reached") || Is("credit_balance_too_low") || Is("billing_error")
        || Says("credit balance is too low") || Says("specified API usage limits");

    private bool IsContentPolicy =>
        Is("content_policy_violation") || Is("content_filter") || Is("invalid_prompt") || Says("blocked by content filtering policy");

    private ErrorKind ClassifyBadRequest() =>
        IsContextLength ? ErrorKind.ContextLength
        : IsQuota ? ErrorKind.ProviderQuota
        : IsContentPolicy ? ErrorKind.ContentPolicy
        : ErrorKind.InvalidRequest;

    private ErrorKind ClassifyInStream()
    {
        if (Is("rate_limit_exceeded") || Is("rate_limit_error") || Is("429"))
        {
            return IsQuota ? ErrorKind.ProviderQuota : ErrorKind.ProviderRateLimited;
        }

        if (Is("overloaded_error") || Is("overloaded") || Is("503") || Is("529"))
        {
            return ErrorKind.ProviderOverloaded;
        }

        if (Is("authentication_error") || Is("permission_error"))
        {
            return ErrorKind.ProviderAuth;
        }

        if (Is("not_found_error"))
        {
            return ErrorKind.ProviderNotFound;
        }

        if (Is("request_too_large"))
        {
            return ErrorKind.TooLarge;
        }

        var kind = ClassifyBadRequest();
        return kind is ErrorKind.InvalidRequest ? ErrorKind.ProviderError : kind;
    }

    private bool Is(string name) =>
        string.Equals(Code, name, StringComparison.OrdinalIgnoreCase) || string.Equals(Type, name, StringComparison.OrdinalIgnoreCase);

    private bool Says(string words) => Message?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    private static string? Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
}
