using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes an assistant message: its text in one string, its calls, and of its thinking what did not come from Anthropic.</summary>
internal sealed class AnthropicOpenAiAssistant(Utf8JsonWriter to, RequestReport report)
{
    private readonly AnthropicOpenAiContent _content = new(to, report);
    private readonly RawText _text = new();

    /// <summary>Writes it.</summary>
    /// <param name="content">A string or an array of blocks, not empty.</param>
    /// <param name="at">The message.</param>
    public void Write(JsonElement content, Place at)
    {
        to.WriteStartObject();
        to.WriteString("role"u8, "assistant"u8);
        if (content.ValueKind == JsonValueKind.String)
        {
            to.WriteRaw("content"u8, content);
        }
        else
        {
            WriteBlocks(content, at);
        }

        to.WriteEndObject();
    }

    private void WriteBlocks(JsonElement content, Place at)
    {
        var calls = 0;
        var hasText = false;
        var i = 0;
        foreach (var block in content.EnumerateArray())
        {
            var place = at.In("content", i++);
            if (block.Has("type"u8, "text"u8))
            {
                _content.AppendText(_text, block, place, default);
                hasText = true;
            }
            else if (block.Has("type"u8, "tool_use"u8))
            {
                calls++;
            }
            else
            {
                CheckOther(block, place);
            }
        }

        if (hasText || calls == 0)
        {
            _text.WriteTo(to, "content"u8);
        }
        else
        {
            to.WriteNull("content"u8);
        }

        WriteThinking(content);
        if (calls > 0)
        {
            WriteCalls(content, at);
        }
    }

    private void CheckOther(JsonElement block, Place at)
    {
        if (block.Has("type"u8, "thinking"u8) || block.Has("type"u8, "redacted_thinking"u8))
        {
            if (!RelaySignature.IsOn(block))
            {
                report.Drop("messages.content.thinking");
            }
        }
        else if (block.TryGet("type"u8, out var type) && type.ValueKind == JsonValueKind.String && IsOfProvidersTool(type.GetString()!))
        {
            report.Drop("messages.content.server_tool_use");
        }
        else
        {
            report.Refuse(at.Dot("type"), "must be text, thinking, redacted_thinking or tool_use; other blocks cannot be carried to another provider.");
        }
    }

    private static bool IsOfProvidersTool(string type) =>
        type is "server_tool_use" or "container_upload" || (type.EndsWith("_tool_result", StringComparison.Ordinal) && type != "tool_result");

    private void WriteThinking(JsonElement content)
    {
        JsonElement[] blocks = [.. content.EnumerateArray().Where(RelaySignature.IsOn)];
        if (blocks.Length == 0)
        {
            return;
        }

        foreach (var block in blocks)
        {
            block.TryGetText("thinking"u8, out var inner);
            _text.Append(inner);
        }

        if (_text.Length > 0)
        {
            _text.WriteTo(to, "reasoning_content"u8);
        }

        JsonElement[] signed = [.. blocks.Where(IsSigned)];
        if (signed.Length == 0)
        {
            return;
        }

        to.WriteStartArray("thinking_blocks"u8);
        foreach (var block in signed)
        {
            WriteSigned(block);
        }

        to.WriteEndArray();
    }

    private static bool IsSigned(JsonElement block) =>
        (block.TryGetText("signature"u8, out var mark) || block.TryGetText("data"u8, out mark)) && mark.Length > RelaySignature.Prefix.Length;

    private void WriteSigned(JsonElement block)
    {
        to.WriteStartObject();
        to.CopyField(block, "type"u8);
        to.CopyField(block, "thinking"u8);
        var isText = block.TryGetText("signature"u8, out var mark);
        if (!isText)
        {
            block.TryGetText("data"u8, out mark);
        }

        _text.Append(mark[RelaySignature.Prefix.Length..]);
        _text.WriteTo(to, isText ? "signature"u8 : "data"u8);
        to.WriteEndObject();
    }

    private void WriteCalls(JsonElement content, Place at)
    {
        to.WriteStartArray("tool_calls"u8);
        var i = 0;
        foreach (var block in content.EnumerateArray())
        {
            var place = at.In("content", i++);
            if (block.Has("type"u8, "tool_use"u8))
            {
                WriteCall(block, place);
            }
        }

        to.WriteEndArray();
    }

    private void WriteCall(JsonElement block, Place at)
    {
        _content.DropCacheControl(block);
        if (!block.TryGetText("id"u8, out _))
        {
            report.Refuse(at.Dot("id"), "must be a string.");
        }
        else if (!block.TryGetText("name"u8, out _))
        {
            report.Refuse(at.Dot("name"), "must be a string.");
        }
        else if (!block.TryGet("input"u8, out var input) || input.ValueKind != JsonValueKind.Object)
        {
            report.Refuse(at.Dot("input"), "must be an object.");
        }
        else
        {
            to.WriteStartObject();
            to.CopyField(block, "id"u8);
            to.WriteString("type"u8, "function"u8);
            to.WriteStartObject("function"u8);
            to.CopyField(block, "name"u8);
            ToolInput.WriteString(to, "arguments"u8, input);
            to.WriteEndObject();
            to.WriteEndObject();
        }
    }
}
