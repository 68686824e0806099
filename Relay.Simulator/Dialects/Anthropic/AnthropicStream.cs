using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes a message as events: message_start, each block's start, deltas and stop, message_delta, message_stop; one ping after the first block's start.</summary>
/// <remarks>https://platform.claude.com/docs/en/build-with-claude/streaming</remarks>
internal sealed class AnthropicStream(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan) : StreamWriter(output, exchange, plan)
{
    private const int ThoughtsPerDelta = 4;

    private readonly PlannedChoice _choice = plan.Choices[0];

    // Thoughts are the first block.
    private readonly int _firstBlock = plan.Thinking is null ? 0 : 1;

    public override void Start()
    {
        MessageStart();
        if (Plan.Thinking is { } thinking)
        {
            Thinking(thinking);
        }

        if (_choice.Count > 0)
        {
            Open(_choice, 0);
        }

        Write("event: ping\ndata: {\"type\":\"ping\"}\n\n"u8);
    }

    public override void Finish()
    {
        Write("event: message_delta\ndata: "u8);
        Json(this, static (json, self) => self.WriteMessageDelta(json));
        Write("\n\n"u8);
    }

    public override void End() => Write("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);

    public override void Empty()
    {
        MessageStart();
        Finish();
        End();
    }

    public override void Malformed() => Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"broken\n\n"u8);

    public override void Error(ApiError error)
    {
        Write(Exchange.Fault?.Raw == true ? [] : "event: error\ndata: "u8);
        Json((Exchange, error), static (json, state) => state.Exchange.Dialect.WriteError(json, state.Exchange, state.error));
        Write("\n\n"u8);
    }

    public override void HugeLine(int bytes)
    {
        Write("event: ping\ndata: {\"type\":\"ping\",\"padding\":\""u8);
        Padding(bytes);
        Write("\"}\n\n"u8);
    }

    protected override void Open(PlannedChoice choice, int block)
    {
        Write("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"u8);
        Number(_firstBlock + block);
        if (choice.Blocks[block].Tool is { } tool)
        {
            Write(""","content_block":{"type":"tool_use","id":"""u8);
            Quoted($"toolu_{tool.Key}");
            Write(",\"name\":"u8);
            Quoted(tool.Name);
            Write(",\"input\":{},\"caller\":{\"type\":\"direct\"}}}\n\n"u8);

            // The real API's first delta of a tool's input is empty.
            Delta(block, "{\"type\":\"input_json_delta\",\"partial_json\":\""u8);
            EndDelta();
        }
        else
        {
            Write(",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"u8);
        }
    }

    protected override void Pieces(PlannedChoice choice, int block, int start, int count)
    {
        var planned = choice.Blocks[block];
        Delta(block, planned.Tool is null ? "{\"type\":\"text_delta\",\"text\":\""u8 : "{\"type\":\"input_json_delta\",\"partial_json\":\""u8);
        Escaped(planned.Pieces, start, count);
        EndDelta();
    }

    protected override void Close(PlannedChoice choice, int block) => Stop(block);

    private void Stop(int block)
    {
        Write("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"u8);
        Number(_firstBlock + block);
        Write("}\n\n"u8);
    }

    private void MessageStart()
    {
        Write("event: message_start\ndata: "u8);
        Json((This: this, Request: request), static (json, state) => state.This.WriteMessageStart(json, state.Request));
        Write("\n\n"u8);
    }

    private void WriteMessageStart(Utf8JsonWriter json, ChatRequest asked)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message_start"u8);
        json.WriteStartObject("message"u8);
        AnthropicAnswer.WriteHead(json, Exchange, asked);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        AnthropicAnswer.WriteStop(json, null);
        if (Fault != FaultKind.NoUsage)
        {
            json.WriteStartObject("usage"u8);
            AnthropicAnswer.WriteInput(json, Plan.Usage);
            json.WriteNumber("output_tokens"u8, 1);
            json.WriteString("service_tier"u8, "standard"u8);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteMessageDelta(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message_delta"u8);
        json.WriteStartObject("delta"u8);
        AnthropicAnswer.WriteStop(json, Fault == FaultKind.NoFinish ? null : _choice);
        json.WriteEndObject();
        if (Fault != FaultKind.NoUsage)
        {
            json.WriteStartObject("usage"u8);
            json.WriteNumber("input_tokens"u8, Plan.Usage.Uncached);
            json.WriteNumber("cache_creation_input_tokens"u8, Plan.Usage.CacheWrite5m + Plan.Usage.CacheWrite1h);
            json.WriteNumber("cache_read_input_tokens"u8, Plan.Usage.Cached);
            AnthropicAnswer.WriteOutput(json, Plan.Usage);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void Thinking(AnswerPieces thinking)
    {
        const int Block = -1;
        Write("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n"u8);
        for (var i = 0; i < thinking.Count; i += ThoughtsPerDelta)
        {
            Delta(Block, "{\"type\":\"thinking_delta\",\"thinking\":\""u8);
            Escaped(thinking, i, Math.Min(ThoughtsPerDelta, thinking.Count - i));
            EndDelta();
        }

        Delta(Block, "{\"type\":\"signature_delta\",\"signature\":\""u8);
        Write(System.Text.Encoding.ASCII.GetBytes(ThinkingSignature.Of(thinking.Text)));
        EndDelta();
        Stop(Block);
    }

    // From the event's beginning to the open quote of the delta's text.
    private void Delta(int block, ReadOnlySpan<byte> opening)
    {
        Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        Number(_firstBlock + block);
        Write(",\"delta\":"u8);
        Write(opening);
    }

    private void EndDelta() => Write("\"}}\n\n"u8);
}
