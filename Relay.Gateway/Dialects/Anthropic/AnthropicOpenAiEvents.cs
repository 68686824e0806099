using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes the events of a Messages stream. Texts come and go as the inside of JSON strings.</summary>
internal static class AnthropicOpenAiEvents
{
    /// <summary>The message begins. What it cost is told at its end; nobody knows it here.</summary>
    /// <param name="id">The id of the answer, or empty.</param>
    /// <param name="otherwise">What stands for it.</param>
    /// <param name="model">The model.</param>
    /// <param name="to">Receives the event.</param>
    public static void MessageStart(ReadOnlySpan<byte> id, ReadOnlySpan<byte> otherwise, ReadOnlySpan<byte> model, IBufferWriter<byte> to)
    {
        to.Write("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\""u8);
        to.Write(id.StartsWith("msg_"u8) ? default : "msg_"u8);
        to.Write(id.IsEmpty ? otherwise : id);
        to.Write("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\""u8);
        to.Write(model);
        to.Write("\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}}\n\n"u8);
    }

    /// <summary>A block of text begins.</summary>
    public static void TextStart(int index, IBufferWriter<byte> to)
    {
        BlockStart(index, to);
        to.Write("{\"type\":\"text\",\"text\":\"\"}}\n\n"u8);
    }

    /// <summary>A block of thinking begins.</summary>
    public static void ThinkingStart(int index, IBufferWriter<byte> to)
    {
        BlockStart(index, to);
        to.Write("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n"u8);
    }

    /// <summary>A block of thinking that nobody can read.</summary>
    public static void RedactedThinking(int index, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        BlockStart(index, to);
        to.Write("{\"type\":\"redacted_thinking\",\"data\":\""u8);
        to.Write(RelaySignature.Prefix);
        to.Write(data);
        to.Write("\"}}\n\n"u8);
    }

    /// <summary>A call of a tool begins.</summary>
    public static void ToolStart(int index, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, IBufferWriter<byte> to)
    {
        BlockStart(index, to);
        to.Write("{\"type\":\"tool_use\",\"id\":\""u8);
        to.Write(id);
        to.Write("\",\"name\":\""u8);
        to.Write(name);
        to.Write("\",\"input\":{},\"caller\":{\"type\":\"direct\"}}}\n\n"u8);
    }

    /// <summary>A piece of text.</summary>
    public static void Text(int index, ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        Delta(index, to);
        to.Write("{\"type\":\"text_delta\",\"text\":\""u8);
        to.Write(text);
        to.Write("\"}}\n\n"u8);
    }

    /// <summary>A piece of thinking.</summary>
    public static void Thinking(int index, ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        Delta(index, to);
        to.Write("{\"type\":\"thinking_delta\",\"thinking\":\""u8);
        to.Write(text);
        to.Write("\"}}\n\n"u8);
    }

    /// <summary>The signature of a block of thinking, marked as not Anthropic's.</summary>
    public static void Signature(int index, ReadOnlySpan<byte> signature, IBufferWriter<byte> to)
    {
        Delta(index, to);
        to.Write("{\"type\":\"signature_delta\",\"signature\":\""u8);
        to.Write(RelaySignature.Prefix);
        to.Write(signature);
        to.Write("\"}}\n\n"u8);
    }

    /// <summary>A piece of a tool's input.</summary>
    public static void Input(int index, ReadOnlySpan<byte> json, IBufferWriter<byte> to)
    {
        Delta(index, to);
        to.Write("{\"type\":\"input_json_delta\",\"partial_json\":\""u8);
        to.Write(json);
        to.Write("\"}}\n\n"u8);
    }

    /// <summary>A block is complete.</summary>
    public static void BlockStop(int index, IBufferWriter<byte> to)
    {
        to.Write("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"u8);
        WriteNumber(index, to);
        to.Write("}\n\n"u8);
    }

    /// <summary>The message is complete.</summary>
    public static void MessageEnd(ReadOnlySpan<byte> stopReason, in AnthropicUsage usage, IBufferWriter<byte> to)
    {
        to.Write("event: message_delta\ndata: "u8);
        using (var json = new Utf8JsonWriter(to, JsonFields.Writing))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message_delta"u8);
            json.WriteStartObject("delta"u8);
            json.WriteString("stop_reason"u8, stopReason);
            json.WriteNull("stop_sequence"u8);
            json.WriteEndObject();
            usage.WriteAnthropic(json);
            json.WriteEndObject();
        }

        to.Write("\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
    }

    /// <summary>The stream breaks.</summary>
    public static void Error(ReadOnlySpan<byte> type, ReadOnlySpan<byte> message, IBufferWriter<byte> to)
    {
        to.Write("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\""u8);
        to.Write(type);
        to.Write("\",\"message\":\""u8);
        to.Write(message);
        to.Write("\"}}\n\n"u8);
    }

    private static void BlockStart(int index, IBufferWriter<byte> to)
    {
        to.Write("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"u8);
        WriteNumber(index, to);
        to.Write(",\"content_block\":"u8);
    }

    private static void Delta(int index, IBufferWriter<byte> to)
    {
        to.Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        WriteNumber(index, to);
        to.Write(",\"delta\":"u8);
    }

    private static void WriteNumber(int number, IBufferWriter<byte> to)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(11), out var written);
        to.Advance(written);
    }
}
