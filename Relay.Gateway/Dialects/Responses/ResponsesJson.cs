using System.Buffers;
using System.Buffers.Text;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes items and parts as JSON.</summary>
internal static class ResponsesJson
{
    /// <summary>Writes a whole number.</summary>
    public static void WriteNumber(IBufferWriter<byte> to, long number)
    {
        var digits = to.GetSpan(20);
        Utf8Formatter.TryFormat(number, digits, out var written);
        to.Advance(written);
    }

    /// <summary>Writes an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="isNew">As it is when it is added: without content.</param>
    /// <param name="to">Receives an object.</param>
    public static void WriteItem(ResponsesItem item, bool isNew, IBufferWriter<byte> to)
    {
        to.Write("{\"id\":"u8);
        to.Write(item.Id);
        switch (item.Kind)
        {
            case ResponsesItemKind.Message:
                to.Write(",\"type\":\"message\""u8);
                WriteStatus(item, isNew, to);
                to.Write(",\"role\":\"assistant\",\"content\":["u8);
                for (var i = 0; i < item.Parts.Count && !isNew; i++)
                {
                    to.Write(i > 0 ? ","u8 : default);
                    WritePart(item.Parts[i], isNew: false, to);
                }

                to.Write("]}"u8);
                break;
            case ResponsesItemKind.Reasoning:
                WriteReasoning(item, isNew, to);
                break;
            default:
                to.Write(",\"type\":\"function_call\""u8);
                WriteStatus(item, isNew, to);
                to.Write(",\"call_id\":"u8);
                to.Write(item.CallId);
                to.Write(",\"name\":"u8);
                to.Write(item.Name);
                to.Write(",\"arguments\":\""u8);
                to.Write(isNew ? default : item.Text.WrittenSpan);
                to.Write("\"}"u8);
                break;
        }
    }

    /// <summary>Writes a part of a message.</summary>
    /// <param name="part">The part.</param>
    /// <param name="isNew">As it is when it is added: empty.</param>
    /// <param name="to">Receives an object.</param>
    public static void WritePart(ResponsesPart part, bool isNew, IBufferWriter<byte> to)
    {
        if (part.IsRefusal)
        {
            to.Write("{\"type\":\"refusal\",\"refusal\":\""u8);
            to.Write(isNew ? default : part.Text.WrittenSpan);
            to.Write("\"}"u8);
            return;
        }

        to.Write("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":["u8);
        to.Write(isNew ? default : part.Logprobs.WrittenSpan);
        to.Write("],\"text\":\""u8);
        to.Write(isNew ? default : part.Text.WrittenSpan);
        to.Write("\"}"u8);
    }

    private static void WriteReasoning(ResponsesItem item, bool isNew, IBufferWriter<byte> to)
    {
        to.Write(",\"type\":\"reasoning\",\"summary\":["u8);
        if (!isNew && item.Text.WrittenCount > 0)
        {
            to.Write("{\"type\":\"summary_text\",\"text\":\""u8);
            to.Write(item.Text.WrittenSpan);
            to.Write("\"}"u8);
        }

        to.Write("]"u8);
        if (!isNew && item.Sealed is not null)
        {
            to.Write(",\"encrypted_content\":"u8);
            to.Write(item.Sealed);
        }

        to.Write("}"u8);
    }

    private static void WriteStatus(ResponsesItem item, bool isNew, IBufferWriter<byte> to) =>
        to.Write(isNew ? ",\"status\":\"in_progress\""u8 : item.IsCut ? ",\"status\":\"incomplete\""u8 : ",\"status\":\"completed\""u8);
}
