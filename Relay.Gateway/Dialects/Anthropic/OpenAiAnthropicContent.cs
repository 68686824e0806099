using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Kinds of content parts that a message may hold.</summary>
[Flags]
internal enum Parts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Text.</summary>
    Text = 1,

    /// <summary>Images, by URL or as data URL.</summary>
    Image = 2,

    /// <summary>Files as data URL.</summary>
    File = 4,

    /// <summary>Refusals of the assistant, which become text.</summary>
    Refusal = 8,
}

/// <summary>Writes content blocks from OpenAI's content: a string or an array of parts. Blank text makes no block; Anthropic refuses it.</summary>
internal sealed class OpenAiAnthropicContent(Utf8JsonWriter to, RequestReport report)
{
    /// <summary>Has the message content that makes at least one block? Content of a wrong type counts: it is refused when it is written.</summary>
    public static bool SaysSomething(JsonElement message, out JsonElement content) =>
        message.TryGet("content"u8, out content) && content.ValueKind switch
        {
            JsonValueKind.String => !content.IsBlank(),
            JsonValueKind.Array => content.EnumerateArray().Any(part => !IsBlankText(part)),
            _ => true,
        };

    /// <summary>Writes the blocks, without an array around them.</summary>
    /// <param name="content">A string or an array of parts.</param>
    /// <param name="message">What may hold a cache_control for the whole of it, or default.</param>
    /// <param name="at">The message.</param>
    /// <param name="allowed">The parts that it may hold.</param>
    /// <param name="trims">Its last text loses white space at its end.</param>
    public void WriteBlocks(JsonElement content, JsonElement message, Place at, Parts allowed, bool trims = false)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteText(to, content, message, trims);
        }
        else if (content.ValueKind != JsonValueKind.Array)
        {
            report.Refuse(at.Dot("content"), "must be a string or an array of parts.");
        }
        else
        {
            JsonElement[] parts = [.. content.EnumerateArray()];
            var last = trims ? Array.FindLastIndex(parts, static part => !IsBlankText(part)) : -1;
            for (var i = 0; i < parts.Length; i++)
            {
                WritePart(parts[i], at.In("content", i), allowed, i == last);
            }
        }
    }

    /// <summary>Writes a text block.</summary>
    /// <param name="to">The writer.</param>
    /// <param name="text">A JSON string.</param>
    /// <param name="from">What may hold a cache_control.</param>
    /// <param name="trims">White space at its end is left off.</param>
    public static void WriteText(Utf8JsonWriter to, JsonElement text, JsonElement from, bool trims = false)
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "text"u8);
        if (trims && RawText.EndsInWhiteSpace(text.Inner()))
        {
            var trimmed = new RawText();
            trimmed.Append(RawText.TrimEnd(text.Inner()));
            trimmed.WriteTo(to, "text"u8);
        }
        else
        {
            to.WriteRaw("text"u8, text);
        }

        WriteCacheControl(to, from);
        to.WriteEndObject();
    }

    /// <summary>Writes a text block.</summary>
    public static void WriteText(Utf8JsonWriter to, ReadOnlySpan<byte> text)
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "text"u8);
        to.WriteString("text"u8, text);
        to.WriteEndObject();
    }

    /// <summary>Copies Anthropic's cache_control from where the chat form carries it: parts, messages and tools.</summary>
    public static void WriteCacheControl(Utf8JsonWriter to, JsonElement from)
    {
        if (from.TryGet("cache_control"u8, out var cache) && cache.ValueKind == JsonValueKind.Object)
        {
            to.WriteRaw("cache_control"u8, cache);
        }
    }

    private static bool IsBlankText(JsonElement part)
    {
        var kind = KindOf(part);
        return kind is Parts.Text or Parts.Refusal && part.TryGet(NameOf(kind), out var text) && text.ValueKind == JsonValueKind.String && text.IsBlank();
    }

    private static ReadOnlySpan<byte> NameOf(Parts textKind) => textKind == Parts.Text ? "text"u8 : "refusal"u8;

    private void WritePart(JsonElement part, Place at, Parts allowed, bool trims)
    {
        var kind = KindOf(part);
        if ((kind & allowed) == Parts.None)
        {
            report.Refuse(at.Dot("type"), kind == Parts.None
                ? "is no part that Anthropic takes. Send text, image_url, or file with a PDF in file_data."
                : "is no part that a message of this role can hold at Anthropic.");
        }
        else if (kind == Parts.Image)
        {
            WriteImage(part, at);
        }
        else if (kind == Parts.File)
        {
            WriteFile(part, at);
        }
        else if (!part.TryGet(NameOf(kind), out var text) || text.ValueKind != JsonValueKind.String)
        {
            report.Refuse(at.Dot(kind == Parts.Text ? "text" : "refusal"), "must be a string.");
        }
        else if (!text.IsBlank())
        {
            WriteText(to, text, part, trims);
        }
    }

    private static Parts KindOf(JsonElement part) =>
        !part.TryGet("type"u8, out var type) ? Parts.None
        : type.Is("text"u8) ? Parts.Text
        : type.Is("image_url"u8) ? Parts.Image
        : type.Is("file"u8) ? Parts.File
        : type.Is("refusal"u8) ? Parts.Refusal
        : Parts.None;

    private void WriteImage(JsonElement part, Place at)
    {
        if (!part.TryGet("image_url"u8, out var image) || !image.TryGet("url"u8, out var url) || url.ValueKind != JsonValueKind.String)
        {
            report.Refuse(at.Dot("image_url.url"), "must be a string: a URL or a data URL.");
            return;
        }

        if (image.TryGet("detail"u8, out var detail) && !detail.Is("auto"u8))
        {
            report.Drop("messages.content.image_url.detail");
        }

        to.WriteStartObject();
        to.WriteString("type"u8, "image"u8);
        to.WriteStartObject("source"u8);
        if (DataUrl.IsDataUrl(url.Inner()))
        {
            WriteImageData(url, at);
        }
        else
        {
            to.WriteString("type"u8, "url"u8);
            to.WriteRaw("url"u8, url);
        }

        to.WriteEndObject();
        WriteCacheControl(to, part);
        to.WriteEndObject();
    }

    private void WriteImageData(JsonElement url, Place at)
    {
        var data = DataUrl.Parse(Decoded(url));
        if (data.IsEmpty)
        {
            report.Refuse(at.Dot("image_url.url"), "must be data:image/png;base64,... when it is a data URL.");
        }
        else if (!IsImage(data.MediaType))
        {
            report.Refuse(at.Dot("image_url.url"), "must be a JPEG, PNG, GIF or WebP image: Anthropic reads no others.");
        }
        else
        {
            WriteBase64(data);
        }
    }

    private void WriteFile(JsonElement part, Place at)
    {
        var data = part.TryGet("file"u8, out var file) && file.TryGet("file_data"u8, out var url) && url.ValueKind == JsonValueKind.String
            ? DataUrl.Parse(Decoded(url))
            : default;
        if (!data.MediaType.SequenceEqual("application/pdf"u8))
        {
            report.Refuse(at.Dot("file.file_data"), "must be data:application/pdf;base64,...; Anthropic cannot see files stored at OpenAI.");
            return;
        }

        to.WriteStartObject();
        to.WriteString("type"u8, "document"u8);
        to.WriteStartObject("source"u8);
        WriteBase64(data);
        to.WriteEndObject();
        if (file.TryGetText("filename"u8, out _))
        {
            to.WriteRaw("title"u8, file.GetProperty("filename"u8));
        }

        WriteCacheControl(to, part);
        to.WriteEndObject();
    }

    private void WriteBase64(in DataUrl data)
    {
        to.WriteString("type"u8, "base64"u8);
        to.WriteString("media_type"u8, data.MediaType);
        to.WriteString("data"u8, data.Base64);
    }

    private static bool IsImage(ReadOnlySpan<byte> mediaType) =>
        mediaType.SequenceEqual("image/jpeg"u8) || mediaType.SequenceEqual("image/png"u8) || mediaType.SequenceEqual("image/gif"u8) || mediaType.SequenceEqual("image/webp"u8);

    /// <summary>Some libraries escape slashes, and base64 has many.</summary>
    private static ReadOnlySpan<byte> Decoded(JsonElement url) =>
        url.Inner().Contains((byte)'\\') ? Encoding.UTF8.GetBytes(url.GetString()!) : url.Inner();
}
