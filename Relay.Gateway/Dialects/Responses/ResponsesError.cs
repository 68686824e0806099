using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Core.Errors;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Errors inside a stream. Before a stream begins they are OpenAI's usual error bodies.</summary>
internal static class ResponsesError
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The members of the error event, with a leading comma.</summary>
    public static byte[] Members(string? code, string message)
    {
        var to = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(to, Options))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteString("message"u8, message);
            json.WriteNull("param"u8);
            json.WriteEndObject();
        }

        var members = to.WrittenSpan[..^1].ToArray();
        members[0] = (byte)',';
        return members;
    }

    /// <summary>The error member of a failed response, whose codes are a closed list.</summary>
    public static byte[] Object(ErrorKind kind, string message)
    {
        var to = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(to, Options))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, kind switch
            {
                ErrorKind.ProviderRateLimited or ErrorKind.ProviderQuota => "rate_limit_exceeded"u8,
                ErrorKind.InvalidRequest or ErrorKind.ContextLength or ErrorKind.ContentPolicy => "invalid_prompt"u8,
                _ => "server_error"u8,
            });
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        return to.WrittenSpan.ToArray();
    }
}
