using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Anthropic's errors (https://platform.claude.com/docs/en/api/errors) with OpenAI's codes where there is one; <see cref="ProviderError.Classify"/> knows both.</summary>
internal static class OpenAiAnthropicErrors
{
    /// <summary>Reads <c>{"type":"error","error":{"type","message"}}</c>.</summary>
    public static ProviderError Read(ReadOnlyMemory<byte> body)
    {
        var said = ProviderError.Read(body);
        return said with { Code = said.Code ?? CodeOf(said) };
    }

    private static string? CodeOf(in ProviderError said) => said.Type switch
    {
        "invalid_request_error" when said.IsContextLength => "context_length_exceeded",
        "authentication_error" => "invalid_api_key",
        "permission_error" => "permission_denied",
        "not_found_error" => "model_not_found",
        "request_too_large" => "request_too_large",
        "rate_limit_error" => "rate_limit_exceeded",
        "billing_error" => "insufficient_quota",
        "overloaded_error" => "overloaded",
        "timeout_error" => "timeout",
        _ => null,
    };
}
