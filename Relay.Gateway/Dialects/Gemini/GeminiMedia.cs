using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// Writes images, sounds and files: data URLs as inlineData, URLs that Gemini can fetch as fileData
/// (https://ai.google.dev/gemini-api/docs/file-input-methods).
/// </summary>
internal static class GeminiMedia
{
    /// <summary>What RFC 6838 lets a media type be made of; anything else would need escapes.</summary>
    private static readonly SearchValues<byte> TypeBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+/"u8);

    /// <summary>Writes an image_url part.</summary>
    public static void WriteImage(Field part, Utf8JsonWriter json, DroppedFields dropped)
    {
        if (part["image_url"]["detail"].OptionalText() is not (null or "auto"))
        {
            dropped.Add("messages.content.image_url.detail");
        }

        var url = ImageUrl(part);
        var text = Unescaped(url);
        json.WriteStartObject();
        if (IsDataUrl(text))
        {
            WriteInline(url, text, json);
        }
        else if (IsFetchable(text))
        {
            json.WriteStartObject("fileData"u8);
            if (MediaTypeOf(text) is { Length: > 0 } type)
            {
                json.WriteString("mimeType"u8, type);
            }

            json.WriteString("fileUri"u8, text);
            json.WriteEndObject();
        }
        else
        {
            throw url.Refuse("must be a data URL with base64, an https:// URL that Gemini can fetch, or a gs:// URL. Send the image as a data URL.");
        }

        json.WriteEndObject();
    }

    /// <summary>Writes an image_url part of a tool's result, where Gemini takes no URL.</summary>
    public static void WriteInlineImage(Field part, Utf8JsonWriter json)
    {
        var url = ImageUrl(part);
        var text = Unescaped(url);
        if (!IsDataUrl(text))
        {
            throw url.Refuse("must be a data URL: Gemini takes no other images in a tool's result.");
        }

        json.WriteStartObject();
        WriteInline(url, text, json);
        json.WriteEndObject();
    }

    /// <summary>Writes an input_audio part.</summary>
    public static void WriteAudio(Field part, Utf8JsonWriter json)
    {
        var audio = part["input_audio"].Object();
        var format = audio["format"];
        json.WriteStartObject();
        json.WriteStartObject("inlineData"u8);
        json.WriteString("mimeType"u8, format.Text() switch
        {
            "wav" => "audio/wav"u8,
            "mp3" => "audio/mp3"u8,
            _ => throw format.Refuse("must be \"wav\" or \"mp3\"."),
        });
        audio["data"].String().CopyTo(json, "data"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a file part that brings its data along.</summary>
    public static void WriteFile(Field part, Utf8JsonWriter json)
    {
        var file = part["file"].Object();
        var data = file["file_data"];
        if (!data.IsPresent)
        {
            throw file["file_id"].Refuse("is a file stored at another provider, which Gemini cannot see. Send \"file_data\".");
        }

        json.WriteStartObject();
        WriteInline(data, Unescaped(data), json);
        json.WriteEndObject();
    }

    private static Field ImageUrl(Field part) => (part["image_url"] is { Kind: JsonValueKind.String } bare ? bare : part["image_url"].Object()["url"]).String();

    /// <summary>Writes inlineData from <c>data:image/png;base64,iVBOR…</c> (RFC 2397); parameters of the type are left out.</summary>
    private static void WriteInline(Field url, ReadOnlySpan<byte> text, Utf8JsonWriter json)
    {
        var comma = text.IndexOf((byte)',');
        var head = comma < 0 || !IsDataUrl(text) ? default : text[5..comma];
        var end = head.IndexOf((byte)';');
        if (end <= 0 || !Ascii.EqualsIgnoreCase(head[^Math.Min(7, head.Length)..], ";base64"u8) || head[..end].IndexOfAnyExcept(TypeBytes) >= 0)
        {
            throw url.Refuse("must be a data URL with a media type and base64: data:image/png;base64,…");
        }

        json.WriteStartObject("inlineData"u8);
        json.WriteString("mimeType"u8, Ascii.EqualsIgnoreCase(head[..end], "image/jpg"u8) ? "image/jpeg"u8 : head[..end]);
        json.WriteString("data"u8, text[(comma + 1)..]);
        json.WriteEndObject();
    }

    private static bool IsDataUrl(ReadOnlySpan<byte> url) => url.Length >= 5 && Ascii.EqualsIgnoreCase(url[..5], "data:"u8);

    private static bool IsFetchable(ReadOnlySpan<byte> url) =>
        (url.Length > 8 && Ascii.EqualsIgnoreCase(url[..8], "https://"u8)) || url.StartsWith("gs://"u8);

    /// <summary>The media type that the name in a URL suggests; empty when it suggests none, then Gemini finds out.</summary>
    private static ReadOnlySpan<byte> MediaTypeOf(ReadOnlySpan<byte> url)
    {
        var path = url[..(url.IndexOfAny((byte)'?', (byte)'#') is >= 0 and var end ? end : url.Length)];
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        var ending = name[(name.LastIndexOf((byte)'.') + 1)..];
        return Is(ending, "png"u8) ? "image/png"u8
            : Is(ending, "jpg"u8) || Is(ending, "jpeg"u8) ? "image/jpeg"u8
            : Is(ending, "webp"u8) ? "image/webp"u8
            : Is(ending, "gif"u8) ? "image/gif"u8
            : Is(ending, "heic"u8) ? "image/heic"u8
            : Is(ending, "heif"u8) ? "image/heif"u8
            : Is(ending, "bmp"u8) ? "image/bmp"u8
            : Is(ending, "pdf"u8) ? "application/pdf"u8
            : default;
    }

    private static bool Is(ReadOnlySpan<byte> ending, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(ending, name);

    /// <summary>The text of a string; images are large, so one without escapes, as nearly all are, is not copied.</summary>
    private static ReadOnlySpan<byte> Unescaped(Field text)
    {
        var raw = text.String().Raw;
        return raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(text.Text()) : raw[1..^1];
    }
}
