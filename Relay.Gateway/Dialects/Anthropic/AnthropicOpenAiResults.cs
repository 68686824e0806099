using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes the results of tools as tool messages. Theirs is text alone; images go with the user's message that follows.</summary>
internal sealed class AnthropicOpenAiResults(Utf8JsonWriter to, RequestReport report)
{
    private readonly AnthropicOpenAiContent _content = new(to, report);
    private readonly RawText _text = new();

    /// <summary>Is the block the result of a tool?</summary>
    public static bool IsResult(JsonElement block) => block.Has("type"u8, "tool_result"u8);

    /// <summary>Is it one with images in it?</summary>
    public static bool HasImages(JsonElement block) =>
        IsResult(block) && block.TryGet("content"u8, out var content) && content.ValueKind == JsonValueKind.Array
        && content.EnumerateArray().Any(part => part.Has("type"u8, "image"u8));

    /// <summary>Writes a message for each result among the blocks.</summary>
    public void Write(JsonElement blocks, Place at)
    {
        var i = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            var place = at.In("content", i++);
            if (IsResult(block))
            {
                WriteResult(block, place);
            }
        }
    }

    private void WriteResult(JsonElement result, Place at)
    {
        if (!result.TryGetText("tool_use_id"u8, out _))
        {
            report.Refuse(at.Dot("tool_use_id"), "must be the id of the tool_use block that this is the result of.");
            return;
        }

        _content.DropCacheControl(result);
        to.WriteStartObject();
        to.WriteString("role"u8, "tool"u8);
        to.WriteRaw("tool_call_id"u8, result.GetProperty("tool_use_id"u8));
        AppendContent(result, at);
        if (result.TryGet("is_error"u8, out var failed) && failed.ValueKind == JsonValueKind.True)
        {
            WriteFailure();
        }
        else
        {
            _text.WriteTo(to, "content"u8);
        }

        to.WriteEndObject();
    }

    private void AppendContent(JsonElement result, Place at)
    {
        if (!result.TryGet("content"u8, out var content))
        {
            return;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            _text.Append(content.Inner());
            return;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            report.Refuse(at.Dot("content"), "must be a string or an array of content blocks.");
            return;
        }

        foreach (var part in content.EnumerateArray())
        {
            AppendPart(part, at);
        }
    }

    private void AppendPart(JsonElement part, Place at)
    {
        if (part.Has("type"u8, "text"u8))
        {
            _content.AppendText(_text, part, at, "\\n"u8);
        }
        else if (part.Has("type"u8, "search_result"u8))
        {
            _text.Separate("\\n"u8);
            _content.AppendSearchResult(_text, part, at);
        }
        else if (!part.Has("type"u8, "image"u8))
        {
            report.Refuse(at.Dot("content"), "may hold text, images and search results; other blocks cannot be carried to another provider.");
        }
    }

    /// <summary>OpenAI has no mark for it: the text says it, unless it does so already.</summary>
    private void WriteFailure()
    {
        var says = _text.Inner.Length >= 5 && Ascii.EqualsIgnoreCase(_text.Inner[..5], "error"u8);
        if (says)
        {
            _text.WriteTo(to, "content"u8);
            return;
        }

        var marked = new RawText();
        marked.Append("Error: "u8);
        marked.Append(_text.Inner);
        _text.Clear();
        marked.WriteTo(to, "content"u8);
    }
}
