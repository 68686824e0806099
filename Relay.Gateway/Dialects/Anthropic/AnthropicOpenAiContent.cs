using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes content of OpenAI's form from Anthropic's content blocks.</summary>
internal sealed class AnthropicOpenAiContent(Utf8JsonWriter to, RequestReport report)
{
    private readonly RawText _text = new();

    /// <summary>Writes text alone, as one string; every block must be text.</summary>
    /// <param name="name">The field.</param>
    /// <param name="content">A string or an array of text blocks.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="separator">What comes between blocks; the inside of a JSON string.</param>
    public void WriteJoined(ReadOnlySpan<byte> name, JsonElement content, Place at, ReadOnlySpan<byte> separator)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            to.WriteRaw(name, content);
            return;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            report.Refuse(at.ToString(), "must be a string or an array of text blocks.");
            return;
        }

        var i = 0;
        foreach (var block in content.EnumerateArray())
        {
            AppendText(_text, block, at.In("content", i++), separator);
        }

        _text.WriteTo(to, name);
    }

    /// <summary>Adds a text block to a string.</summary>
    public void AppendText(RawText text, JsonElement block, Place at, ReadOnlySpan<byte> separator)
    {
        if (!block.Has("type"u8, "text"u8) || !block.TryGet("text"u8, out var value) || value.ValueKind != JsonValueKind.String)
        {
            report.Refuse(at.ToString(), "must be a text block.");
            return;
        }

        DropCacheControl(block);
        text.Separate(separator);
        text.Append(value.Inner());
    }

    /// <summary>Writes the content of a user: all but the results of tools, and of those the images.</summary>
    public void WriteUser(JsonElement content, Place at)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            to.WriteRaw("content"u8, content);
            return;
        }

        to.WriteStartArray("content"u8);
        var i = 0;
        foreach (var block in content.EnumerateArray())
        {
            var place = at.In("content", i++);
            if (AnthropicOpenAiResults.IsResult(block))
            {
                WriteResultImages(block, place);
            }
            else
            {
                WriteBlock(block, place);
            }
        }

        to.WriteEndArray();
    }

    /// <summary>Notes what no other provider has.</summary>
    public void DropCacheControl(JsonElement block)
    {
        if (block.TryGet("cache_control"u8, out _))
        {
            report.Drop("cache_control");
        }
    }

    private void WriteBlock(JsonElement block, Place at)
    {
        DropCacheControl(block);
        if (block.Has("type"u8, "text"u8))
        {
            WriteText(block, at);
        }
        else if (block.Has("type"u8, "image"u8))
        {
            WriteImage(block, at);
        }
        else if (block.Has("type"u8, "document"u8))
        {
            WriteDocument(block, at);
        }
        else if (block.Has("type"u8, "search_result"u8))
        {
            AppendSearchResult(_text, block, at);
            WriteTextPart();
        }
        else
        {
            report.Refuse(at.Dot("type"), "must be text, image, document, search_result or tool_result; other blocks cannot be carried to another provider.");
        }
    }

    private void WriteText(JsonElement block, Place at)
    {
        if (!block.TryGet("text"u8, out var text) || text.ValueKind != JsonValueKind.String)
        {
            report.Refuse(at.Dot("text"), "must be a string.");
            return;
        }

        _text.Append(text.Inner());
        WriteTextPart();
    }

    private void WriteTextPart()
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "text"u8);
        _text.WriteTo(to, "text"u8);
        to.WriteEndObject();
    }

    /// <summary>Adds title, source and text of a search result; the citations that they are meant for are Anthropic's alone.</summary>
    public void AppendSearchResult(RawText text, JsonElement block, Place at)
    {
        if (block.TryGetText("title"u8, out var title))
        {
            text.Append(title);
        }

        if (block.TryGetText("source"u8, out var source))
        {
            text.Separate("\\n"u8);
            text.Append(source);
        }

        if (!block.TryGet("content"u8, out var content) || content.ValueKind != JsonValueKind.Array)
        {
            report.Refuse(at.Dot("content"), "must be an array of text blocks.");
            return;
        }

        foreach (var one in content.EnumerateArray())
        {
            AppendText(text, one, at, "\\n"u8);
        }

        report.Drop("messages.content.citations");
    }

    private void WriteImage(JsonElement block, Place at)
    {
        if (!block.TryGet("source"u8, out var source))
        {
            report.Refuse(at.Dot("source"), "is missing.");
        }
        else if (source.Has("type"u8, "url"u8) && source.TryGetText("url"u8, out var url))
        {
            WriteImageUrl(default, url);
        }
        else if (source.Has("type"u8, "base64"u8) && source.TryGetText("media_type"u8, out var type) && source.TryGetText("data"u8, out var data))
        {
            WriteImageUrl(type, data);
        }
        else
        {
            report.Refuse(at.Dot("source"), "must be of type base64 with media_type and data, or of type url; files stored at Anthropic cannot be carried to another provider.");
        }
    }

    private void WriteImageUrl(ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> data)
    {
        AppendDataUrl(mediaType, data);
        to.WriteStartObject();
        to.WriteString("type"u8, "image_url"u8);
        to.WriteStartObject("image_url"u8);
        _text.WriteTo(to, "url"u8);
        to.WriteEndObject();
        to.WriteEndObject();
    }

    private void AppendDataUrl(ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> data)
    {
        if (!mediaType.IsEmpty)
        {
            _text.Append("data:"u8);
            _text.Append(mediaType);
            _text.Append(";base64,"u8);
        }

        _text.Append(data);
    }

    private void WriteDocument(JsonElement block, Place at)
    {
        if (block.TryGet("citations"u8, out _))
        {
            report.Drop("messages.content.citations");
        }

        if (!block.TryGet("source"u8, out var source))
        {
            report.Refuse(at.Dot("source"), "is missing.");
        }
        else if (source.Has("type"u8, "text"u8) && source.TryGetText("data"u8, out var text))
        {
            _text.Append(text);
            WriteTextPart();
        }
        else if (source.Has("type"u8, "base64"u8) && source.TryGetText("media_type"u8, out var type) && source.TryGetText("data"u8, out var data))
        {
            WriteFile(block, type, data);
        }
        else
        {
            report.Refuse(at.Dot("source"), "must be of type base64 or text; URLs of documents and files stored at Anthropic cannot be carried to another provider.");
        }
    }

    private void WriteFile(JsonElement block, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "file"u8);
        to.WriteStartObject("file"u8);
        if (block.TryGetText("title"u8, out _))
        {
            to.WriteRaw("filename"u8, block.GetProperty("title"u8));
        }
        else
        {
            to.WriteString("filename"u8, "document.pdf"u8);
        }

        AppendDataUrl(type, data);
        _text.WriteTo(to, "file_data"u8);
        to.WriteEndObject();
        to.WriteEndObject();
    }

    /// <summary>OpenAI's tool messages hold no images: they go with the user's message that follows, each under a line that says whose they are.</summary>
    private void WriteResultImages(JsonElement result, Place at)
    {
        if (!AnthropicOpenAiResults.HasImages(result))
        {
            return;
        }

        result.TryGetText("tool_use_id"u8, out var id);
        _text.Append("Images in the result of "u8);
        _text.Append(id);
        _text.Append(":"u8);
        WriteTextPart();
        foreach (var block in result.GetProperty("content"u8).EnumerateArray())
        {
            if (block.Has("type"u8, "image"u8))
            {
                WriteImage(block, at);
            }
        }
    }
}
