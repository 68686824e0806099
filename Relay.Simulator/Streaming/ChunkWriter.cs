using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes OpenAI's chunk events. What all chunks of an answer share is serialized once; a word costs a few copies.</summary>
internal sealed class ChunkWriter : IDisposable
{
    private readonly PooledBytes _head = new(512);
    private readonly PooledBytes _out;
    private readonly bool _nullUsage;

    public ChunkWriter(PooledBytes output, Exchange exchange, string model, bool nullUsage)
    {
        _out = output;
        _nullUsage = nullUsage;
        _head.Write("data: "u8);
        using var json = new Utf8JsonWriter(_head, PooledBytes.JsonOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, $"chatcmpl-{exchange.Id}");
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, exchange.Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        json.WriteString("service_tier"u8, "default"u8);
        json.WriteString("system_fingerprint"u8, exchange.State.Fingerprint);
        json.WriteStartArray("choices"u8);
        json.Flush();
    }

    public void Role(PlannedChoice choice)
    {
        StartChoice(choice.Index);
        if (choice.Tool is { } tool)
        {
            _out.Write("""{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"""u8);
            Quoted(tool.Id);
            _out.Write(""","type":"function","function":{"name":"""u8);
            Quoted(tool.Name);
            _out.Write(""","arguments":""}}],"refusal":null}"""u8);
        }
        else
        {
            _out.Write("""{"role":"assistant","content":"","refusal":null}"""u8);
        }

        EndChoice(null);
    }

    /// <summary>The pieces from <paramref name="start"/>, <paramref name="count"/> of them, as one delta.</summary>
    public void Words(PlannedChoice choice, int start, int count)
    {
        StartChoice(choice.Index);
        _out.Write(choice.Tool is null ? """{"content":" """u8[..^1] : """{"tool_calls":[{"index":0,"function":{"arguments":" """u8[..^1]);
        for (var i = start; i < start + count; i++)
        {
            _out.Write(choice.Pieces.Escaped(i));
        }

        _out.Write(choice.Tool is null ? "\"}"u8 : "\"}}]}"u8);
        EndChoice(null);
    }

    public void Finish(PlannedChoice choice, Usage? usage)
    {
        StartChoice(choice.Index);
        _out.Write("{}"u8);
        EndChoice(choice.FinishReason, usage);
    }

    /// <summary>A chunk without choices: the usage chunk, or a chunk that says nothing.</summary>
    public void NoChoices(Usage? usage)
    {
        _out.Write(_head.WrittenSpan);
        End(usage);
    }

    public void Done() => _out.Write("data: [DONE]\n\n"u8);

    public void Malformed()
    {
        _out.Write(_head.WrittenSpan);
        _out.Write("""{"index":0,"delta":{"content":"broken"""u8);
        _out.Write("\n\n"u8);
    }

    public void Error(ApiError error)
    {
        using var bytes = new PooledBytes(512);
        using (var json = new Utf8JsonWriter(bytes, PooledBytes.JsonOptions))
        {
            error.Write(json);
        }

        _out.Write("data: "u8);
        _out.Write(bytes.WrittenSpan);
        _out.Write("\n\n"u8);
    }

    /// <summary>A valid chunk whose one line is about <paramref name="bytes"/> long.</summary>
    public void HugeLine(int bytes)
    {
        _out.Write(_head.WrittenSpan);
        _out.Write("],\"padding\":\""u8);
        Span<byte> block = stackalloc byte[1024];
        block.Fill((byte)'x');
        for (var left = bytes; left > 0; left -= block.Length)
        {
            _out.Write(block[..Math.Min(left, block.Length)]);
        }

        _out.Write("\"}\n\n"u8);
    }

    public void Dispose() => _head.Dispose();

    private void StartChoice(int index)
    {
        _out.Write(_head.WrittenSpan);
        _out.Write("""{"index":"""u8);
        var span = _out.GetSpan(11);
        Utf8Formatter.TryFormat(index, span, out var written);
        _out.Advance(written);
        _out.Write(""","delta":"""u8);
    }

    private void EndChoice(string? finishReason, Usage? usage = null)
    {
        _out.Write(""","logprobs":null,"finish_reason":"""u8);
        if (finishReason is null)
        {
            _out.Write("null}"u8);
        }
        else
        {
            Quoted(finishReason);
            _out.Write("}"u8);
        }

        End(usage);
    }

    private void End(Usage? usage)
    {
        _out.Write("]"u8);
        if (usage is { } counted)
        {
            using var bytes = new PooledBytes(512);
            using (var json = new Utf8JsonWriter(bytes, PooledBytes.JsonOptions))
            {
                json.WriteStartObject();
                counted.Write(json);
                json.WriteEndObject();
            }

            // The object's inner part, after its brace.
            _out.Write(","u8);
            _out.Write(bytes.WrittenSpan[1..^1]);
        }
        else if (_nullUsage)
        {
            _out.Write(",\"usage\":null"u8);
        }

        _out.Write("}\n\n"u8);
    }

    private void Quoted(string text)
    {
        _out.Write("\""u8);
        _out.Write(JsonEncodedText.Encode(text, PooledBytes.JsonOptions.Encoder).EncodedUtf8Bytes);
        _out.Write("\""u8);
    }
}
