using System.Buffers;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes GenerateContentResponses one after the other, as server-sent events or as the elements of one array. A function call comes whole, with its last piece.</summary>
/// <remarks>https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent</remarks>
internal sealed class GeminiStream : StreamWriter
{
    public const string EventStream = "text/event-stream";

    public const string JsonType = "application/json; charset=UTF-8";

    private const int ThoughtsPerEvent = 8;

    // From behind the candidates to the end: what all events before the last share.
    private readonly PooledBytes _tail = new(256);
    private readonly ChatRequest _request;
    private readonly bool _array;
    private bool _any;

    public GeminiStream(PooledBytes output, Exchange exchange, ChatRequest request, AnswerPlan plan)
        : base(output, exchange, plan)
    {
        _request = request;
        _array = exchange.Route.Form == StreamForm.Array;
        WriteTail(_tail, whole: false);
    }

    public override string ContentType => _array ? JsonType : EventStream;

    public override void Start()
    {
        if (Fault == FaultKind.RoleOnly)
        {
            Begin();
            Write("""{"candidates":[{"content":{"role":"model"},"index":0}]"""u8);
            EndEvent();
        }

        if (Plan.Thinking is { } thinking)
        {
            for (var i = 0; i < thinking.Count; i += ThoughtsPerEvent)
            {
                Begin();
                Write("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""u8);
                Escaped(thinking, i, Math.Min(ThoughtsPerEvent, thinking.Count - i));
                Write("\",\"thought\":true}],\"role\":\"model\"},\"index\":0}]"u8);
                EndEvent();
            }
        }
    }

    public override void Finish()
    {
        Begin();
        Write("{\"candidates\":["u8);
        foreach (var choice in Plan.Choices)
        {
            Write(choice.Index > 0 ? ","u8 : []);
            Write("{\"content\":{\"parts\":[{\"text\":\"\""u8);
            if (_request.Thoughts != Thoughts.None && !choice.CallsTools)
            {
                Write(",\"thoughtSignature\":"u8);
                Quoted(GeminiParts.Signature("text"));
            }

            Write("}],\"role\":\"model\"}"u8);
            if (Fault != FaultKind.NoFinish)
            {
                Write(",\"finishReason\":"u8);
                Quoted(GeminiAnswer.Name(choice.Reason));
            }

            Write(",\"index\":"u8);
            Number(choice.Index);
            Write("}"u8);
        }

        Write("]"u8);
        WriteTail(Out, whole: true);
        Separate();
    }

    public override void End()
    {
        if (_array)
        {
            Write("]\n"u8);
        }
    }

    public override void Empty()
    {
        Begin();
        Write("{\"candidates\":[]"u8);
        EndEvent();
        End();
    }

    public override void Malformed()
    {
        Begin();
        Write("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"broken"u8);
        Separate();
    }

    public override void Error(ApiError error)
    {
        if (Exchange.Fault?.Raw != true)
        {
            Begin();
        }

        Json((Exchange, error), static (json, state) => state.Exchange.Dialect.WriteError(json, state.Exchange, state.error));
        Separate();
        End();
    }

    public override void HugeLine(int bytes)
    {
        Begin();
        Write("{\"padding\":\""u8);
        Padding(bytes);
        Write("\""u8);
        EndEvent();
    }

    public override void Dispose()
    {
        _tail.Dispose();
        base.Dispose();
    }

    protected override void Open(PlannedChoice choice, int block)
    {
        // A part begins with its first event.
    }

    protected override void Pieces(PlannedChoice choice, int block, int start, int count)
    {
        var planned = choice.Blocks[block];
        if (planned.Tool is not null)
        {
            return;
        }

        Begin();
        Write("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""u8);
        Escaped(planned.Pieces, start, count);
        Write("\"}"u8);
        EndPart(choice.Index);
    }

    protected override void Close(PlannedChoice choice, int block)
    {
        var planned = choice.Blocks[block];
        if (planned.Tool is null)
        {
            return;
        }

        Begin();
        Write("{\"candidates\":[{\"content\":{\"parts\":["u8);
        Json((planned, Thinks: _request.Thoughts != Thoughts.None, block), static (json, state) => GeminiAnswer.WriteCall(json, state.planned, state.Thinks, first: state.block == 0));
        EndPart(choice.Index);
    }

    private void EndPart(int index)
    {
        Write("],\"role\":\"model\"},\"index\":"u8);
        Number(index);
        Write("}]"u8);
        EndEvent();
    }

    private void EndEvent()
    {
        Write(_tail.WrittenSpan);
        Separate();
    }

    private void Begin()
    {
        Write(!_array ? "data: "u8 : _any ? ",\r\n"u8 : "["u8);
        _any = true;
    }

    private void Separate() => Write(_array ? "\n"u8 : "\r\n\r\n"u8);

    private void WriteTail(PooledBytes to, bool whole)
    {
        using var bytes = new PooledBytes(256);
        using (var json = new Utf8JsonWriter(bytes, PooledBytes.JsonOptions))
        {
            json.WriteStartObject();
            if (Fault != FaultKind.NoUsage)
            {
                GeminiAnswer.WriteUsage(json, Plan.Usage, whole);
            }

            GeminiAnswer.WriteTail(json, Exchange, _request.Model);
            json.WriteEndObject();
        }

        // The object's inner part after a comma, and its closing brace.
        to.Write(","u8);
        to.Write(bytes.WrittenSpan[1..]);
    }
}
