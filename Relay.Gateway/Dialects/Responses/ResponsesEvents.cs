using System.Buffers;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes the events of a stream (https://platform.openai.com/docs/api-reference/responses-streaming), numbered from 0. Without a receiver it writes nothing: a plain answer grows in the same way.</summary>
internal sealed class ResponsesEvents
{
    private long _number;

    /// <summary>Receives the events, or null.</summary>
    public IBufferWriter<byte>? To { get; set; }

    /// <summary>An event with a response object, such as response.created.</summary>
    public void Response(ReadOnlySpan<byte> type, ResponsesObject response, ReadOnlySpan<byte> status, ResponsesEnd end)
    {
        if (Begin(type) is { } to)
        {
            to.Write(",\"response\":"u8);
            response.Write(status, end, to);
            End(to);
        }
    }

    /// <summary>An event about an item: added or done.</summary>
    public void Item(ReadOnlySpan<byte> type, ResponsesItem item, bool isNew)
    {
        if (Begin(type) is { } to)
        {
            to.Write(",\"output_index\":"u8);
            ResponsesJson.WriteNumber(to, item.Index);
            to.Write(",\"item\":"u8);
            ResponsesJson.WriteItem(item, isNew, to);
            End(to);
        }
    }

    /// <summary>An event about a part of a message: added or done.</summary>
    public void Part(ReadOnlySpan<byte> type, ResponsesItem item, bool isNew)
    {
        if (Begin(type) is { } to)
        {
            WritePlace(item, to);
            WriteContentIndex(item, to);
            to.Write(",\"part\":"u8);
            ResponsesJson.WritePart(item.Parts[^1], isNew, to);
            End(to);
        }
    }

    /// <summary>A delta of text, with logprobs.</summary>
    public void TextDelta(ResponsesItem item, ReadOnlySpan<byte> delta, ReadOnlySpan<byte> logprobs)
    {
        if (Begin("response.output_text.delta"u8) is { } to)
        {
            WritePlace(item, to);
            WriteContentIndex(item, to);
            to.Write(",\"delta\":\""u8);
            to.Write(delta);
            to.Write("\",\"logprobs\":["u8);
            to.Write(logprobs);
            to.Write("]"u8);
            End(to);
        }
    }

    /// <summary>The end of a text.</summary>
    public void TextDone(ResponsesItem item)
    {
        if (Begin("response.output_text.done"u8) is { } to)
        {
            WritePlace(item, to);
            WriteContentIndex(item, to);
            WriteText(",\"text\":\""u8, item.Parts[^1].Text.WrittenSpan, to);
            to.Write(",\"logprobs\":["u8);
            to.Write(item.Parts[^1].Logprobs.WrittenSpan);
            to.Write("]"u8);
            End(to);
        }
    }

    /// <summary>A delta or the end of a refusal.</summary>
    public void Refusal(ReadOnlySpan<byte> type, ResponsesItem item, ReadOnlySpan<byte> member, ReadOnlySpan<byte> text)
    {
        if (Begin(type) is { } to)
        {
            WritePlace(item, to);
            WriteContentIndex(item, to);
            WriteText(member, text, to);
            End(to);
        }
    }

    /// <summary>A delta or the end of a summary's text.</summary>
    public void Summary(ReadOnlySpan<byte> type, ResponsesItem item, ReadOnlySpan<byte> member, ReadOnlySpan<byte> text)
    {
        if (Begin(type) is { } to)
        {
            WritePlace(item, to);
            to.Write(",\"summary_index\":0"u8);
            WriteText(member, text, to);
            End(to);
        }
    }

    /// <summary>An event about a summary's part: added or done.</summary>
    public void SummaryPart(ReadOnlySpan<byte> type, ResponsesItem item, ReadOnlySpan<byte> text)
    {
        if (Begin(type) is { } to)
        {
            WritePlace(item, to);
            to.Write(",\"summary_index\":0,\"part\":{\"type\":\"summary_text\""u8);
            WriteText(",\"text\":\""u8, text, to);
            to.Write("}"u8);
            End(to);
        }
    }

    /// <summary>A delta of a call's arguments.</summary>
    public void ArgumentsDelta(ResponsesItem item, ReadOnlySpan<byte> delta)
    {
        if (Begin("response.function_call_arguments.delta"u8) is { } to)
        {
            WritePlace(item, to);
            WriteText(",\"delta\":\""u8, delta, to);
            End(to);
        }
    }

    /// <summary>The end of a call's arguments.</summary>
    public void ArgumentsDone(ResponsesItem item)
    {
        if (Begin("response.function_call_arguments.done"u8) is { } to)
        {
            WritePlace(item, to);
            to.Write(",\"name\":"u8);
            to.Write(item.Name);
            WriteText(",\"arguments\":\""u8, item.Text.WrittenSpan, to);
            End(to);
        }
    }

    /// <summary>The error event.</summary>
    /// <param name="members">code, message and param as JSON, with a leading comma.</param>
    public void Error(ReadOnlySpan<byte> members)
    {
        if (Begin("error"u8) is { } to)
        {
            to.Write(members);
            End(to);
        }
    }

    private IBufferWriter<byte>? Begin(ReadOnlySpan<byte> type)
    {
        if (To is null)
        {
            return null;
        }

        To.Write("event: "u8);
        To.Write(type);
        To.Write("\ndata: {\"type\":\""u8);
        To.Write(type);
        To.Write("\",\"sequence_number\":"u8);
        ResponsesJson.WriteNumber(To, _number++);
        return To;
    }

    private static void End(IBufferWriter<byte> to) => to.Write("}\n\n"u8);

    private static void WritePlace(ResponsesItem item, IBufferWriter<byte> to)
    {
        to.Write(",\"item_id\":"u8);
        to.Write(item.Id);
        to.Write(",\"output_index\":"u8);
        ResponsesJson.WriteNumber(to, item.Index);
    }

    private static void WriteContentIndex(ResponsesItem item, IBufferWriter<byte> to)
    {
        to.Write(",\"content_index\":"u8);
        ResponsesJson.WriteNumber(to, item.Parts.Count - 1);
    }

    private static void WriteText(ReadOnlySpan<byte> member, ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        to.Write(member);
        to.Write(text);
        to.Write("\""u8);
    }
}
