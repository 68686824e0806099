using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Gateway.Dialects;

namespace Relay.Gateway.Errors;

/// <summary>Writes errors in the form that the client uses; in OpenAI's shape: <c>{"error":{"message","type","param","code"}}</c>, always all four keys.</summary>
internal static class ErrorBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON body.</summary>
    public static byte[] Json(RelayError error, ClientForm? form = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, error, form);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The error as one event of a stream.</summary>
    public static byte[] Event(RelayError error, ClientForm? form = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write(form is null ? "data: "u8 : "event: error\ndata: "u8);
        Write(buffer, error, form);
        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> buffer, RelayError error, ClientForm? form)
    {
        if (form is not null)
        {
            form.Dialect.WriteError(error, buffer);
            return;
        }

        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Row.OpenAiType);
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.Code ?? error.Row.OpenAiCode);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
