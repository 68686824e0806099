using System.Buffers;
using System.Globalization;
using System.Text;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Writes a functionCall part, whose arguments always come whole, as an element of tool_calls.</summary>
internal static class GeminiCall
{
    /// <summary>Writes it.</summary>
    /// <param name="part">A part with a call.</param>
    /// <param name="place">In a chunk, its place among the calls of its choice; null in a whole message, which has no index there.</param>
    /// <param name="number">The same place, for its id when Gemini gave none.</param>
    /// <param name="requestId">For the same.</param>
    /// <param name="choice">The index of its choice; for the same.</param>
    /// <param name="data">The bytes that the part is in.</param>
    /// <param name="to">Receives an object.</param>
    public static void Write(in GeminiPart part, int? place, int number, string requestId, int choice, ReadOnlySpan<byte> data, IBufferWriter<byte> to)
    {
        if (place is { } index)
        {
            to.Write("{\"index\":"u8);
            Encoding.UTF8.GetBytes(index.ToString(CultureInfo.InvariantCulture), to);
            to.Write(","u8);
        }
        else
        {
            to.Write("{"u8);
        }

        to.Write("\"id\":"u8);
        if (part.CallId.Length > 2)
        {
            to.Write(part.CallId.Of(data));
        }
        else
        {
            // Ids live on in the client's history: unique beyond this request, and within OpenAI's 40 characters.
            Encoding.UTF8.GetBytes($"\"{Id(requestId, choice, number)}\"", to);
        }

        to.Write(",\"type\":\"function\",\"function\":{\"name\":"u8);
        to.Write(part.CallName.Of(data));
        to.Write(",\"arguments\":\""u8);
        if (part.CallArguments.IsPresent)
        {
            JsonEscape.Write(part.CallArguments.Of(data), to);
        }
        else
        {
            to.Write("{}"u8);
        }

        to.Write("\"}"u8);
        if (part.Signature.IsPresent)
        {
            to.Write(","u8);
            GeminiSignature.WriteMember(part.Signature.Of(data), to);
        }

        to.Write("}"u8);
    }

    private static string Id(string requestId, int choice, int number)
    {
        // req_ and 32 digits, of which the last 24 hold all 64 bits of the request and half of the process's.
        var tail = requestId.Length > 24 ? requestId[^24..] : requestId;
        return string.Create(CultureInfo.InvariantCulture, $"call_{tail}_{choice}_{number}");
    }
}
