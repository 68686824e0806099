namespace Relay.Grpc.Framing;

/// <summary>Metadata whose name ends in <c>-bin</c>: bytes in base64, read with and without padding, written without.</summary>
internal static class BinaryHeader
{
    /// <summary>The end of such names.</summary>
    public const string Suffix = "-bin";

    /// <summary>True for the name of one.</summary>
    public static bool Is(string name) => name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes one.</summary>
    public static string Encode(ReadOnlySpan<byte> value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <summary>Reads one; null when it is not base64.</summary>
    public static byte[]? TryDecode(string text)
    {
        var bare = text.Trim().TrimEnd('=');
        var bytes = new byte[(bare.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '='), bytes, out var length) ? bytes[..length] : null;
    }
}
