using System.Buffers;

namespace Relay.Gateway.Dialects;

/// <summary>Writes JSON text as the inside of a JSON string, as for a tool call's arguments.</summary>
internal static class JsonEscape
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\"\\\n\r\t"u8);

    /// <summary>Writes <paramref name="json"/> escaped, without quotes around it.</summary>
    /// <param name="json">Valid JSON: beyond quotes and backslashes it holds only the control characters that JSON allows between its tokens.</param>
    /// <param name="to">Receives it.</param>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> to)
    {
        while (true)
        {
            var plain = json.IndexOfAny(Special);
            if (plain < 0)
            {
                to.Write(json);
                return;
            }

            to.Write(json[..plain]);
            to.Write(json[plain] switch
            {
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                _ => "\\t"u8,
            });
            json = json[(plain + 1)..];
        }
    }
}
