using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relay.Gateway.Errors;

/// <summary>Writes errors in OpenAI's shape: <c>{"error":{"message","type","param","code"}}</c>, always all four keys.</summary>
internal static class ErrorBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON body.</summary>
    public static byte[] Json(RelayError error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, error);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The error as one event of a stream.</summary>
    public static byte[] Event(RelayError error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write("data: "u8);
        Write(buffer, error);
        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> buffer, RelayError error)
    {
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
