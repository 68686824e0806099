using System.Buffers;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>
/// Builds output items from what a model says, and tells of each step. Reasoning and text are open one at a time; calls stay open until
/// the end, since the deltas of parallel ones may come in any order.
/// <code><![CDATA[
///   reasoning --> item.added, summary_part.added, summary_text.delta…, summary_text.done, summary_part.done, item.done
///   text      --> item.added, content_part.added, output_text.delta…,  output_text.done,  content_part.done, item.done
///   call      --> item.added, function_call_arguments.delta…, function_call_arguments.done, item.done
/// ]]></code>
/// </summary>
internal sealed class ResponsesOutput(ResponsesObject response, ResponsesEvents events)
{
    private readonly Dictionary<int, ResponsesItem> _calls = [];
    private readonly ArrayBufferWriter<byte> _thinking = new();
    private readonly ArrayBufferWriter<byte> _extra = new();
    private ResponsesItem? _open;

    /// <summary>Bytes that are held for the last event.</summary>
    public long Held { get; private set; }

    /// <summary>Adds what a chunk, or a whole message, says.</summary>
    public void Add(HubReply reply, ReadOnlySpan<byte> data)
    {
        if (reply.Reasoning.Length > 2)
        {
            AddReasoning(reply.Reasoning.Inner(data));
        }

        if (reply.ThinkingBlocks.Length > 2)
        {
            OpenItem(ResponsesItemKind.Reasoning);
            Keep(_thinking, reply.ThinkingBlocks.Inner(data), ","u8);
        }

        if (reply.Content.Length > 2 || (reply.Logprobs.Length > 2 && reply.Content.IsPresent))
        {
            AddText(reply.Content.Inner(data), reply.Logprobs.Inner(data));
        }

        if (reply.Refusal.Length > 2)
        {
            AddRefusal(reply.Refusal.Inner(data));
        }

        if (reply.Extra.Length > 2)
        {
            _extra.ResetWrittenCount();
            Keep(_extra, reply.Extra.Of(data), default);
        }

        for (var i = 0; i < reply.Calls.Count; i++)
        {
            AddCall(reply.Calls[i], data);
        }
    }

    /// <summary>Closes everything that is open.</summary>
    /// <param name="isCut">The answer ended before the model was done.</param>
    public void Close(bool isCut)
    {
        if (_open is not null)
        {
            _open.IsCut = isCut;
            CloseOpen();
        }

        foreach (var call in _calls.Values)
        {
            // Only the last one can be cut, but which arguments are whole nobody says.
            call.IsCut = isCut;
            events.ArgumentsDone(call);
            Done(call);
        }

        _calls.Clear();
        if (_extra.WrittenCount > 0)
        {
            AddSealed("\"message\":"u8, default, _extra.WrittenSpan);
            _extra.ResetWrittenCount();
        }
    }

    /// <summary>The answer breaks off here: what is open stays open, and says so.</summary>
    public void Break()
    {
        _open?.IsCut = true;
        foreach (var call in _calls.Values)
        {
            call.IsCut = true;
        }
    }

    private void AddReasoning(ReadOnlySpan<byte> delta)
    {
        var item = OpenItem(ResponsesItemKind.Reasoning);
        if (item.Text.WrittenCount == 0)
        {
            events.SummaryPart("response.reasoning_summary_part.added"u8, item, default);
        }

        Keep(item.Text, delta, default);
        events.Summary("response.reasoning_summary_text.delta"u8, item, ",\"delta\":\""u8, delta);
    }

    private void AddText(ReadOnlySpan<byte> delta, ReadOnlySpan<byte> logprobs)
    {
        var item = OpenPart(isRefusal: false);
        var part = item.Parts[^1];
        Keep(part.Text, delta, default);
        if (!logprobs.IsEmpty)
        {
            Keep(part.Logprobs, logprobs, ","u8);
        }

        events.TextDelta(item, delta, logprobs);
    }

    private void AddRefusal(ReadOnlySpan<byte> delta)
    {
        var item = OpenPart(isRefusal: true);
        Keep(item.Parts[^1].Text, delta, default);
        events.Refusal("response.refusal.delta"u8, item, ",\"delta\":\""u8, delta);
    }

    private void AddCall(in HubCall call, ReadOnlySpan<byte> data)
    {
        if (call.Extra.Length > 2)
        {
            var id = call.Id.IsPresent ? call.Id.Of(data) : _calls.TryGetValue(call.Index, out var known) ? known.CallId : "\"\""u8;
            CloseOpen();
            AddSealed("\"calls\":{"u8, id, call.Extra.Of(data));
        }

        if (!_calls.TryGetValue(call.Index, out var item))
        {
            CloseOpen();
            item = new ResponsesItem(ResponsesItemKind.Call, response.Output.Count, response.Suffix)
            {
                CallId = call.Id.IsPresent ? call.Id.Of(data).ToArray() : "\"\""u8.ToArray(),
                Name = call.Name.IsPresent ? call.Name.Of(data).ToArray() : "\"\""u8.ToArray(),
            };
            _calls.Add(call.Index, item);
            response.Output.Add(item);
            events.Item("response.output_item.added"u8, item, isNew: true);
        }

        if (call.Arguments.Length > 2)
        {
            Keep(item.Text, call.Arguments.Inner(data), default);
            events.ArgumentsDelta(item, call.Arguments.Inner(data));
        }
    }

    /// <summary>Adds a reasoning item that says nothing and only keeps what its provider wants back.</summary>
    private void AddSealed(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var member = new ArrayBufferWriter<byte>(64 + value.Length);
        member.Write(name);
        if (!key.IsEmpty)
        {
            member.Write(key);
            member.Write(":"u8);
        }

        member.Write(value);
        member.Write(key.IsEmpty ? default : "}"u8);
        var item = OpenItem(ResponsesItemKind.Reasoning);
        item.Sealed = ResponsesSeal.Close(member.WrittenSpan);
        Held += item.Sealed.Length;
        CloseOpen();
    }

    private ResponsesItem OpenPart(bool isRefusal)
    {
        var item = OpenItem(ResponsesItemKind.Message);
        if (item.Parts.Count > 0 && item.Parts[^1].IsRefusal != isRefusal)
        {
            ClosePart(item);
        }
        else if (item.Parts.Count > 0)
        {
            return item;
        }

        item.Parts.Add(new ResponsesPart(isRefusal));
        events.Part("response.content_part.added"u8, item, isNew: true);
        return item;
    }

    private ResponsesItem OpenItem(ResponsesItemKind kind)
    {
        if (_open is not null && _open.Kind == kind)
        {
            return _open;
        }

        CloseOpen();
        _open = new ResponsesItem(kind, response.Output.Count, response.Suffix);
        response.Output.Add(_open);
        events.Item("response.output_item.added"u8, _open, isNew: true);
        return _open;
    }

    private void CloseOpen()
    {
        if (_open is not { } item)
        {
            return;
        }

        _open = null;
        if (item.Kind == ResponsesItemKind.Message)
        {
            ClosePart(item);
        }
        else
        {
            CloseReasoning(item);
        }

        Done(item);
    }

    private void CloseReasoning(ResponsesItem item)
    {
        if (item.Text.WrittenCount > 0)
        {
            events.Summary("response.reasoning_summary_text.done"u8, item, ",\"text\":\""u8, item.Text.WrittenSpan);
            events.SummaryPart("response.reasoning_summary_part.done"u8, item, item.Text.WrittenSpan);
        }

        if (_thinking.WrittenCount > 0)
        {
            var member = new ArrayBufferWriter<byte>(_thinking.WrittenCount + 32);
            member.Write("\"thinking_blocks\":["u8);
            member.Write(_thinking.WrittenSpan);
            member.Write("]"u8);
            item.Sealed = ResponsesSeal.Close(member.WrittenSpan);
            _thinking.ResetWrittenCount();
        }
    }

    private void ClosePart(ResponsesItem item)
    {
        var part = item.Parts[^1];
        if (part.IsRefusal)
        {
            events.Refusal("response.refusal.done"u8, item, ",\"refusal\":\""u8, part.Text.WrittenSpan);
        }
        else
        {
            events.TextDone(item);
        }

        events.Part("response.content_part.done"u8, item, isNew: false);
    }

    private void Done(ResponsesItem item) => events.Item("response.output_item.done"u8, item, isNew: false);

    private void Keep(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> separator)
    {
        if (to.WrittenCount > 0)
        {
            to.Write(separator);
        }

        to.Write(bytes);
        Held += bytes.Length;
    }
}
