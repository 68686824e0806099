using System.Buffers;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>The start that all chunks of one stream share.</summary>
internal static class ChunkHead
{
    /// <summary>The length of <c>{"index":</c>, with which it ends.</summary>
    public const int IndexLength = 9;

    /// <summary>Everything from <c>data: </c> up to the choice's index.</summary>
    /// <param name="reply">The stream's first event.</param>
    /// <param name="call">The call that it answers.</param>
    /// <param name="data">The event's bytes.</param>
    public static byte[] Write(GeminiReply reply, in UpstreamCall call, ReadOnlySpan<byte> data)
    {
        var head = new ArrayBufferWriter<byte>(256);
        head.Write("data: "u8);
        using (var json = new Utf8JsonWriter(head))
        {
            json.WriteStartObject();
            WriteIdentity(reply, call, "chat.completion.chunk"u8, data, json);
        }

        head.Write(",\"choices\":[{\"index\":"u8);
        return head.WrittenSpan.ToArray();
    }

    /// <summary>Writes id, object, created and model.</summary>
    public static void WriteIdentity(GeminiReply reply, in UpstreamCall call, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data, Utf8JsonWriter json)
    {
        json.WritePropertyName("id"u8);
        if (reply.Id.Length > 2)
        {
            json.WriteRawValue(reply.Id.Of(data), skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue("chatcmpl-" + call.RequestId);
        }

        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, call.Created);
        json.WritePropertyName("model"u8);
        if (reply.Model.Length > 2)
        {
            json.WriteRawValue(reply.Model.Of(data), skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(call.UpstreamModel);
        }
    }
}
