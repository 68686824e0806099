using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// Google's errors, <c>{"error":{"code","message","status","details"}}</c> (https://ai.google.dev/gemini-api/docs/troubleshooting,
/// https://google.aip.dev/193), in OpenAI's words. The status alone says little: a wrong key is an INVALID_ARGUMENT, and so is a
/// prompt that is too long.
/// </summary>
internal static class GeminiError
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads an error body, or an error event of a stream.</summary>
    /// <param name="status">The HTTP status; 0 in a stream, where the body's own code counts.</param>
    /// <param name="body">Any bytes.</param>
    public static ProviderError Read(int status, ReadOnlyMemory<byte> body)
    {
        var said = GeminiErrorBody.Read(body);
        if (said is null)
        {
            return default(ProviderError) with { Kind = status == 0 ? ErrorKind.ProviderError : null };
        }

        var kind = Classify(status != 0 ? status : said.Code, said);
        var row = ErrorTable.Of(kind);
        return new(true, said.Message, row.OpenAiType, row.OpenAiCode) { Kind = kind, RetryAfter = said.RetryDelay };
    }

    /// <summary>The error of a prompt that was blocked.</summary>
    /// <param name="reason">promptFeedback.blockReason.</param>
    public static ProviderError Blocked(ReadOnlySpan<byte> reason) =>
        Of(ErrorKind.ContentPolicy, $"Gemini blocked the prompt ({Name(reason)}). Change what it asks for.");

    /// <summary>The error of a candidate that failed.</summary>
    /// <param name="reason">Its finishReason.</param>
    public static ProviderError Stopped(ReadOnlySpan<byte> reason) =>
        Of(ErrorKind.ProviderError, $"Gemini stopped without a complete answer ({Name(reason)}).");

    /// <summary>The error as one of Relay's.</summary>
    public static RelayError ToRelay(in ProviderError error) =>
        new(error.Kind ?? ErrorKind.ProviderError, error.Message ?? "Gemini failed without saying why.") { RetryAfter = error.RetryAfter };

    /// <summary>Writes OpenAI's error object in such words that <see cref="ProviderError.Classify"/> finds the same kind in it.</summary>
    public static void WriteHub(in ProviderError error, IBufferWriter<byte> to)
    {
        var kind = error.Kind ?? ErrorKind.ProviderError;
        var row = ErrorTable.Of(kind);
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message ?? "Gemini failed without saying why.");
        json.WriteString("type"u8, row.OpenAiType);
        json.WriteNull("param"u8);
        json.WriteString("code"u8, kind switch
        {
            ErrorKind.ProviderQuota => "insufficient_quota",
            ErrorKind.ProviderRateLimited => "rate_limit_exceeded",
            ErrorKind.ProviderOverloaded => "overloaded",
            ErrorKind.ProviderAuth => "authentication_error",
            ErrorKind.ProviderNotFound => "not_found_error",
            _ => row.OpenAiCode,
        });
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static ProviderError Of(ErrorKind kind, string message)
    {
        var row = ErrorTable.Of(kind);
        return new(true, message, row.OpenAiType, row.OpenAiCode) { Kind = kind };
    }

    private static ErrorKind Classify(int status, GeminiErrorBody said) => status switch
    {
        400 => ClassifyBadRequest(said),
        401 => ErrorKind.ProviderAuth,
        402 => ErrorKind.ProviderQuota,

        // A file of another project is the caller's to fix, a key without rights the operator's.
        403 => said.Says("access the File") ? ErrorKind.InvalidRequest : ErrorKind.ProviderAuth,
        404 => ErrorKind.ProviderNotFound,
        413 => ErrorKind.TooLarge,

        // "You exceeded your current quota" is said of a minute's limit too. Who names a time to come back has not run dry.
        429 => said.RetryDelay is null && said.IsDailyQuota ? ErrorKind.ProviderQuota : ErrorKind.ProviderRateLimited,
        503 or 529 => ErrorKind.ProviderOverloaded,
        _ => ErrorKind.ProviderError,
    };

    private static ErrorKind ClassifyBadRequest(GeminiErrorBody said)
    {
        if (said.Reason is "API_KEY_INVALID" or "API_KEY_EXPIRED" || said.Says("API key not valid") || said.Says("API key expired"))
        {
            return ErrorKind.ProviderAuth;
        }

        if (said.Status == "FAILED_PRECONDITION" && (said.Says("billing") || said.Says("free tier")))
        {
            return ErrorKind.ProviderQuota;
        }

        if (said.Status == "FAILED_PRECONDITION" && said.Says("location is not supported"))
        {
            return ErrorKind.ProviderAuth;
        }

        if (said.Says("token count") && said.Says("exceeds the maximum number of tokens"))
        {
            return ErrorKind.ContextLength;
        }

        return said.Says("payload size exceeds the limit") ? ErrorKind.TooLarge : ErrorKind.InvalidRequest;
    }

    /// <summary>An enum's name as it stands; anything else is not repeated.</summary>
    private static string Name(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= 40 && name.IndexOfAnyExceptInRange((byte)'A', (byte)'_') < 0
            ? Encoding.ASCII.GetString(name)
            : string.Create(CultureInfo.InvariantCulture, $"a reason of {name.Length} bytes");
}
