using System.Buffers;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes OpenAI's chunk events. What all chunks of an answer share is serialized once; a word costs a few copies.</summary>
internal class ChunkWriter : StreamWriter
{
    private readonly PooledBytes _head = new(512);
    private readonly bool _usageChunk;

    public ChunkWriter(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan)
        : base(output, exchange, plan)
    {
        _usageChunk = request.IncludeUsage && Fault is not (FaultKind.NoUsage or FaultKind.UsageOnChoices);
        _head.Write("data: "u8);
        using var json = new Utf8JsonWriter(_head, PooledBytes.JsonOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, $"chatcmpl-{exchange.Id}");
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, exchange.Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("model"u8, request.Model);
        json.WriteString("service_tier"u8, "default"u8);
        json.WriteString("system_fingerprint"u8, exchange.State.Fingerprint);
        json.WriteStartArray("choices"u8);
        json.Flush();
    }

    public override void Start()
    {
        foreach (var choice in Plan.Choices)
        {
            StartChoice(choice.Index);
            if (choice.CallsTools)
            {
                Write("""{"role":"assistant","content":null,"tool_calls":["""u8);
                Call(choice, 0);
                Write("""],"refusal":null}"""u8);
            }
            else
            {
                Write("""{"role":"assistant","content":"","refusal":null}"""u8);
            }

            EndChoice(null);
        }
    }

    public override void Finish()
    {
        var last = Plan.Choices[^1];
        foreach (var choice in Plan.Choices)
        {
            if (Fault != FaultKind.NoFinish)
            {
                StartChoice(choice.Index);
                Write("{}"u8);
                EndChoice(OpenAiAnswer.Name(choice.Reason), Fault == FaultKind.UsageOnChoices && choice == last ? Plan.Usage : null);
            }
        }

        if (_usageChunk)
        {
            NoChoices(Plan.Usage);
        }
    }

    public override void End() => Write("data: [DONE]\n\n"u8);

    public override void Empty()
    {
        NoChoices(null);
        End();
    }

    public override void Malformed()
    {
        Write(_head.WrittenSpan);
        Write("""{"index":0,"delta":{"content":"broken"""u8);
        Write("\n\n"u8);
    }

    public override void Error(ApiError error)
    {
        Write(Exchange.Fault?.Raw == true ? [] : "data: "u8);
        Json((Exchange, error), static (json, state) => state.Exchange.Dialect.WriteError(json, state.Exchange, state.error));
        Write("\n\n"u8);
    }

    public override void HugeLine(int bytes)
    {
        Write(_head.WrittenSpan);
        Write("],\"padding\":\""u8);
        Padding(bytes);
        Write("\"}\n\n"u8);
    }

    public override void Dispose()
    {
        _head.Dispose();
        base.Dispose();
    }

    protected override void Open(PlannedChoice choice, int block)
    {
        StartChoice(choice.Index);
        Write("""{"tool_calls":["""u8);
        Call(choice, block);
        Write("]}"u8);
        EndChoice(null);
    }

    protected override void Pieces(PlannedChoice choice, int block, int start, int count)
    {
        var planned = choice.Blocks[block];
        StartChoice(choice.Index);
        if (planned.Tool is null)
        {
            Write("""{"content":" """u8[..^1]);
            Escaped(planned.Pieces, start, count);
            Write("\"}"u8);
        }
        else
        {
            Write("""{"tool_calls":[{"index":"""u8);
            Number(block);
            Write(""","function":{"arguments":" """u8[..^1]);
            Escaped(planned.Pieces, start, count);
            Write("\"}}]}"u8);
        }

        EndChoice(null);
    }

    /// <summary>What stands in every choice beside its delta.</summary>
    protected virtual void ChoiceFields()
    {
        // OpenAI has nothing more.
    }

    private void Call(PlannedChoice choice, int block)
    {
        var tool = choice.Blocks[block].Tool!;
        Write("""{"index":"""u8);
        Number(block);
        Write(""","id":"""u8);
        Quoted($"call_{tool.Key}");
        Write(""","type":"function","function":{"name":"""u8);
        Quoted(tool.Name);
        Write(""","arguments":""}}"""u8);
    }

    // A chunk without choices: the usage chunk, or a chunk that says nothing.
    private void NoChoices(Usage? usage)
    {
        Write(_head.WrittenSpan);
        End(usage);
    }

    private void StartChoice(int index)
    {
        Write(_head.WrittenSpan);
        Write("""{"index":"""u8);
        Number(index);
        Write(""","delta":"""u8);
    }

    private void EndChoice(string? finishReason, Usage? usage = null)
    {
        ChoiceFields();
        Write(""","logprobs":null,"finish_reason":"""u8);
        if (finishReason is null)
        {
            Write("null}"u8);
        }
        else
        {
            Quoted(finishReason);
            Write("}"u8);
        }

        End(usage);
    }

    private void End(Usage? usage)
    {
        Write("]"u8);
        if (usage is { } counted)
        {
            using var bytes = new PooledBytes(512);
            using (var json = new Utf8JsonWriter(bytes, PooledBytes.JsonOptions))
            {
                json.WriteStartObject();
                OpenAiAnswer.WriteUsage(json, counted);
                json.WriteEndObject();
            }

            // The object's inner part, after its brace.
            Write(","u8);
            Write(bytes.WrittenSpan[1..^1]);
        }
        else if (_usageChunk)
        {
            Write(",\"usage\":null"u8);
        }

        Write("}\n\n"u8);
    }
}
