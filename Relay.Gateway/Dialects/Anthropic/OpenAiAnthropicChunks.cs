using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes chat.completion.chunk events. All of a stream begin with the same bytes, which are made once. Texts come and go as the inside of JSON strings.</summary>
internal sealed class OpenAiAnthropicChunks(UpstreamCall call)
{
    private readonly ArrayBufferWriter<byte> _head = new(256);

    /// <summary>Makes the common bytes and writes the chunk with the role. A second start says nothing.</summary>
    /// <param name="id">The id of the answer, or empty.</param>
    /// <param name="model">Its model, or empty.</param>
    /// <param name="to">Receives the chunk.</param>
    public void Start(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model, IBufferWriter<byte> to)
    {
        if (_head.WrittenCount > 0)
        {
            return;
        }

        _head.Write("data: {\"id\":"u8);
        WriteQuoted(id, $"chatcmpl-{call.RequestId}");
        _head.Write(",\"object\":\"chat.completion.chunk\",\"created\":"u8);
        WriteNumber(call.Created, _head);
        _head.Write(",\"model\":"u8);
        WriteQuoted(model, call.UpstreamModel);
        _head.Write(",\"choices\":["u8);
        Begin(to);
        to.Write("\"role\":\"assistant\",\"content\":\"\""u8);
        EndDelta(to);
    }

    /// <summary>Writes a piece of text.</summary>
    /// <param name="field">content or reasoning_content.</param>
    /// <param name="text">The text.</param>
    /// <param name="to">Receives the chunk.</param>
    public void WriteText(ReadOnlySpan<byte> field, ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        Begin(to);
        to.Write("\""u8);
        to.Write(field);
        to.Write("\":\""u8);
        to.Write(text);
        to.Write("\""u8);
        EndDelta(to);
    }

    /// <summary>Writes the begin of a tool call.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="id">Its id.</param>
    /// <param name="name">The tool.</param>
    /// <param name="input">JSON of its whole input, or empty.</param>
    /// <param name="to">Receives the chunk.</param>
    public void WriteCall(int index, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> input, IBufferWriter<byte> to)
    {
        BeginCall(index, to);
        to.Write(",\"id\":\""u8);
        to.Write(id);
        to.Write("\",\"type\":\"function\",\"function\":{\"name\":\""u8);
        to.Write(name);
        to.Write("\",\"arguments\":\""u8);
        if (!input.IsEmpty)
        {
            to.Write(JsonEncodedText.Encode(input, JsonFields.Writing.Encoder).EncodedUtf8Bytes);
        }

        to.Write("\"}}]"u8);
        EndDelta(to);
    }

    /// <summary>Writes a piece of the arguments of a tool call.</summary>
    public void WriteArguments(int index, ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        BeginCall(index, to);
        to.Write(",\"function\":{\"arguments\":\""u8);
        to.Write(text);
        to.Write("\"}}]"u8);
        EndDelta(to);
    }

    /// <summary>Writes a whole thinking block.</summary>
    public void WriteThinking(int index, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, IBufferWriter<byte> to)
    {
        BeginThinking(index, to);
        to.Write(",\"type\":\"thinking\",\"thinking\":\""u8);
        to.Write(text);
        to.Write("\",\"signature\":\""u8);
        to.Write(signature);
        to.Write("\"}]"u8);
        EndDelta(to);
    }

    /// <summary>Writes a block of thinking that the provider has made unreadable.</summary>
    public void WriteRedactedThinking(int index, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        BeginThinking(index, to);
        to.Write(",\"type\":\"redacted_thinking\",\"data\":\""u8);
        to.Write(data);
        to.Write("\"}]"u8);
        EndDelta(to);
    }

    /// <summary>Writes why the answer ended.</summary>
    /// <param name="reason">OpenAI's finish_reason.</param>
    /// <param name="refusal">What a refusal says of itself, or empty.</param>
    /// <param name="to">Receives the chunk.</param>
    public void WriteFinish(ReadOnlySpan<byte> reason, ReadOnlySpan<byte> refusal, IBufferWriter<byte> to)
    {
        Begin(to);
        if (!refusal.IsEmpty)
        {
            to.Write("\"refusal\":\""u8);
            to.Write(refusal);
            to.Write("\""u8);
        }

        to.Write("},\"finish_reason\":\""u8);
        to.Write(reason);
        to.Write("\"}]}\n\n"u8);
    }

    /// <summary>Writes the chunk without choices.</summary>
    public void WriteUsage(in AnthropicUsage usage, IBufferWriter<byte> to)
    {
        to.Write(_head.WrittenSpan);
        to.Write("]"u8);
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text, JsonFields.Writing))
        {
            json.WriteStartObject();
            usage.WriteChat(json);
            json.WriteEndObject();
        }

        // The object's own opening brace makes room for the comma.
        to.Write(","u8);
        to.Write(text.WrittenSpan[1..]);
        to.Write("\n\n"u8);
    }

    private void Begin(IBufferWriter<byte> to)
    {
        if (_head.WrittenCount == 0)
        {
            Start(default, default, to);
        }

        to.Write(_head.WrittenSpan);
        to.Write("{\"index\":0,\"delta\":{"u8);
    }

    private void BeginCall(int index, IBufferWriter<byte> to)
    {
        Begin(to);
        to.Write("\"tool_calls\":[{\"index\":"u8);
        WriteNumber(index, to);
    }

    private void BeginThinking(int index, IBufferWriter<byte> to)
    {
        Begin(to);
        to.Write("\"thinking_blocks\":[{\"index\":"u8);
        WriteNumber(index, to);
    }

    private static void EndDelta(IBufferWriter<byte> to) => to.Write("},\"finish_reason\":null}]}\n\n"u8);

    private static void WriteNumber(long number, IBufferWriter<byte> to)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(20), out var written);
        to.Advance(written);
    }

    private void WriteQuoted(ReadOnlySpan<byte> inner, string otherwise)
    {
        _head.Write("\""u8);
        _head.Write(inner.IsEmpty ? JsonEncodedText.Encode(otherwise).EncodedUtf8Bytes : inner);
        _head.Write("\""u8);
    }
}
