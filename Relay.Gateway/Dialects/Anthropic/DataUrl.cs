using System.Text;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>A data URL with base64 (RFC 2397): <c>data:image/png;base64,iVBOR...</c>. Parameters between are left out.</summary>
internal readonly ref struct DataUrl
{
    private DataUrl(ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> base64)
    {
        MediaType = mediaType;
        Base64 = base64;
    }

    /// <summary>The media type, lower case; image/jpg is image/jpeg.</summary>
    public ReadOnlySpan<byte> MediaType { get; }

    /// <summary>The data, still in base64.</summary>
    public ReadOnlySpan<byte> Base64 { get; }

    /// <summary>It was none, or has no data.</summary>
    public bool IsEmpty => Base64.IsEmpty;

    /// <summary>Is it meant as one?</summary>
    public static bool IsDataUrl(ReadOnlySpan<byte> url) => url.Length >= 5 && Ascii.EqualsIgnoreCase(url[..5], "data:"u8);

    /// <summary>Reads one; empty when it is none, or not in base64.</summary>
    public static DataUrl Parse(ReadOnlySpan<byte> url)
    {
        var comma = url.IndexOf((byte)',');
        if (!IsDataUrl(url) || comma < 0)
        {
            return default;
        }

        var head = url[5..comma];
        var end = head.IndexOf((byte)';');
        if (end < 0 || head.Length < 7 || !Ascii.EqualsIgnoreCase(head[^7..], ";base64"u8))
        {
            return default;
        }

        var type = Lower(head[..end]);
        return new(type.SequenceEqual("image/jpg"u8) ? "image/jpeg"u8 : type, url[(comma + 1)..]);
    }

    private static ReadOnlySpan<byte> Lower(ReadOnlySpan<byte> type)
    {
        var lower = new byte[type.Length];
        Ascii.ToLower(type, lower, out var length);
        return lower.AsSpan(0, length);
    }
}
