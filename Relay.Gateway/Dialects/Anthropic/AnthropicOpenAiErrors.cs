using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Errors in Anthropic's shape: <c>{"type":"error","error":{"type","message"}}</c> (https://platform.claude.com/docs/en/api/errors).</summary>
internal static class AnthropicOpenAiErrors
{
    /// <summary>What Anthropic's clients look for to tell that they must shorten the conversation.</summary>
    private const string TooLong = "prompt is too long";

    /// <summary>Anthropic's type of a kind.</summary>
    public static string TypeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Authentication => "authentication_error",
        ErrorKind.Permission => "permission_error",
        ErrorKind.UnknownModel => "not_found_error",
        ErrorKind.TooLarge => "request_too_large",
        ErrorKind.RateLimited or ErrorKind.ProviderRateLimited => "rate_limit_error",
        ErrorKind.BudgetExhausted => "billing_error",
        ErrorKind.Overloaded or ErrorKind.ProviderOverloaded => "overloaded_error",
        ErrorKind.ClientDeadline or ErrorKind.FirstTokenTimeout or ErrorKind.IdleTimeout or ErrorKind.TotalTimeout => "timeout_error",
        _ => ErrorTable.Of(kind).Domain == FaultDomain.Caller ? "invalid_request_error" : "api_error",
    };

    /// <summary>Anthropic's type for the type and code of an error event in OpenAI's shape.</summary>
    /// <param name="type">Its type; the inside of a JSON string.</param>
    /// <param name="code">Its code, likewise.</param>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> code) =>
        code.SequenceEqual("invalid_api_key"u8) || type.SequenceEqual("authentication_error"u8) ? "authentication_error"u8
        : code.SequenceEqual("permission_denied"u8) || type.SequenceEqual("permission_error"u8) ? "permission_error"u8
        : code.SequenceEqual("model_not_found"u8) || type.SequenceEqual("not_found_error"u8) ? "not_found_error"u8
        : type.SequenceEqual("insufficient_quota"u8) || type.SequenceEqual("billing_error"u8) ? "billing_error"u8
        : type.SequenceEqual("rate_limit_error"u8) ? "rate_limit_error"u8
        : type.SequenceEqual("overloaded_error"u8) ? "overloaded_error"u8
        : type.SequenceEqual("timeout_error"u8) ? "timeout_error"u8
        : type.SequenceEqual("invalid_request_error"u8) ? "invalid_request_error"u8
        : "api_error"u8;

    /// <summary>What the client is told.</summary>
    public static string MessageOf(RelayError error) =>
        error.Kind == ErrorKind.ContextLength && !error.Message.Contains(TooLong, StringComparison.OrdinalIgnoreCase)
            ? $"{TooLong}: {error.Message}"
            : error.Message;

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter to, string type, string message)
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "error"u8);
        to.WriteStartObject("error"u8);
        to.WriteString("type"u8, type);
        to.WriteString("message"u8, message);
        to.WriteEndObject();
        to.WriteEndObject();
    }
}
