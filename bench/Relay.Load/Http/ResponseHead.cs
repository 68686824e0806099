using System.Buffers.Text;
using System.Text;

namespace Relay.Load.Http;

/// <summary>What the driver needs of a response's head.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentLength">The announced length; -1 for none.</param>
/// <param name="Chunked">The body is chunked.</param>
/// <param name="Close">The connection ends with this answer.</param>
/// <param name="EventStream">The body is an event stream.</param>
internal readonly record struct ResponseHead(int Status, long ContentLength, bool Chunked, bool Close, bool EventStream)
{
    /// <summary>Seconds after which to come back; 0 when it does not say.</summary>
    public int RetryAfter { get; init; }

    /// <summary>Reads a head that is there in full; false while it is not.</summary>
    /// <exception cref="InvalidDataException">This is not HTTP/1.1.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ResponseHead head, out int length)
    {
        head = default;
        length = bytes.IndexOf("\r\n\r\n"u8) + 4;
        if (length < 4)
        {
            return false;
        }

        if (!bytes.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(bytes[9..12], out int status, out _))
        {
            throw new InvalidDataException("The answer is not HTTP/1.1.");
        }

        head = new(status, -1, Chunked: false, Close: false, EventStream: false);
        var rest = bytes[..(length - 2)];
        rest = rest[(rest.IndexOf("\r\n"u8) + 2)..];
        while (rest.Length > 0)
        {
            var end = rest.IndexOf("\r\n"u8);
            head = head.With(rest[..end]);
            rest = rest[(end + 2)..];
        }

        return true;
    }

    private ResponseHead With(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var value = line[(colon + 1)..].Trim((byte)' ');
        return colon switch
        {
            14 when Is(line, "content-length"u8) => this with { ContentLength = Utf8Parser.TryParse(value, out long n, out _) ? n : -1 },
            17 when Is(line, "transfer-encoding"u8) => this with { Chunked = Is(value, "chunked"u8) },
            10 when Is(line, "connection"u8) => this with { Close = Is(value, "close"u8) },
            11 when Is(line, "retry-after"u8) => this with { RetryAfter = Utf8Parser.TryParse(value, out int n, out _) ? n : 0 },
            12 when Is(line, "content-type"u8) => this with { EventStream = Is(value, "text/event-stream"u8) },
            _ => this,
        };
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);
}
