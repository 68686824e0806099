using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes the blocks of one assistant message: thinking, then text, then calls of tools.</summary>
internal readonly ref struct OpenAiAnthropicAssistant(JsonElement message, Place at, Utf8JsonWriter to, RequestReport report, OpenAiAnthropicContent content)
{
    /// <summary>It has text or calls. Thinking alone makes no message: Anthropic refuses one that ends in it.</summary>
    public bool SaysSomething => SaysAnything(message);

    private bool HasRefusal => Refuses(message);

    /// <summary>The same of any assistant message.</summary>
    public static bool SaysAnything(JsonElement message) =>
        OpenAiAnthropicContent.SaysSomething(message, out _) || Refuses(message) || Count(message, "tool_calls"u8) > 0;

    /// <summary>Refuses what cannot be said at Anthropic, and notes what is left out with the whole message.</summary>
    public void Check()
    {
        if (message.TryGet("audio"u8, out _))
        {
            report.Refuse(at.Dot("audio"), "is not carried to Anthropic, which has no audio. Send what was said as content.");
        }

        if (message.TryGet("function_call"u8, out _))
        {
            report.Refuse(at.Dot("function_call"), "is the old form. Send tool_calls.");
        }

        if (message.TryGet("tool_calls"u8, out var calls) && calls.ValueKind != JsonValueKind.Array)
        {
            report.Refuse(at.Dot("tool_calls"), "must be an array of calls.");
        }

        if (!SaysSomething && Count("thinking_blocks"u8) > 0)
        {
            report.Drop("messages.thinking_blocks");
        }
    }

    /// <summary>Only signed blocks can go back; reasoning without a signature is left out.</summary>
    /// <returns>True when there was any.</returns>
    public bool WriteThinking()
    {
        var any = false;
        if (Count("thinking_blocks"u8) > 0)
        {
            foreach (var block in message.GetProperty("thinking_blocks"u8).EnumerateArray())
            {
                any |= WriteThinking(block);
            }
        }

        if (!any && message.TryGetText("reasoning_content"u8, out _))
        {
            report.Drop("messages.reasoning_content");
        }

        return any;
    }

    /// <summary>Writes the text: content, or where there is none the refusal.</summary>
    /// <param name="isLast">The answer goes on from it. Anthropic refuses such a message when it ends in white space.</param>
    public void WriteContent(bool isLast)
    {
        if (OpenAiAnthropicContent.SaysSomething(message, out var said))
        {
            content.WriteBlocks(said, message, at, Parts.Text | Parts.Refusal, isLast);
        }
        else if (HasRefusal)
        {
            OpenAiAnthropicContent.WriteText(to, message.GetProperty("refusal"u8), default, isLast);
        }
    }

    /// <summary>Writes the calls.</summary>
    /// <param name="tools">Receives the names of the tools.</param>
    /// <param name="ids">Receives the ids of the calls.</param>
    /// <returns>True when there was any.</returns>
    public bool WriteCalls(List<JsonElement> tools, List<JsonElement> ids)
    {
        var count = Count("tool_calls"u8);
        if (count == 0)
        {
            return false;
        }

        var i = 0;
        foreach (var call in message.GetProperty("tool_calls"u8).EnumerateArray())
        {
            WriteCall(call, at.In("tool_calls", i++), tools);
            if (call.TryGet("id"u8, out var id) && id.ValueKind == JsonValueKind.String)
            {
                ids.Add(id);
            }
        }

        return true;
    }

    private bool WriteThinking(JsonElement block)
    {
        if (block.Has("type"u8, "redacted_thinking"u8) && block.TryGetText("data"u8, out _))
        {
            to.WriteStartObject();
            to.WriteString("type"u8, "redacted_thinking"u8);
            to.CopyField(block, "data"u8);
            to.WriteEndObject();
            return true;
        }

        if (!block.Has("type"u8, "thinking"u8) || !block.TryGetText("signature"u8, out _) || !block.TryGet("thinking"u8, out var text) || text.ValueKind != JsonValueKind.String)
        {
            report.Drop("messages.thinking_blocks");
            return false;
        }

        to.WriteStartObject();
        to.WriteString("type"u8, "thinking"u8);
        to.WriteRaw("thinking"u8, text);
        to.CopyField(block, "signature"u8);
        to.WriteEndObject();
        return true;
    }

    private void WriteCall(JsonElement call, Place place, List<JsonElement> tools)
    {
        if (!call.TryGetText("id"u8, out var id))
        {
            report.Refuse(place.Dot("id"), "must be a string.");
        }
        else if (!call.TryGet("function"u8, out var function) || !function.TryGetText("name"u8, out _))
        {
            report.Refuse(place.Dot("function.name"), "must be a string. Anthropic knows calls of functions alone.");
        }
        else
        {
            tools.Add(function.GetProperty("name"u8));
            to.WriteStartObject();
            to.WriteString("type"u8, "tool_use"u8);
            ToolIds.Write(to, "id"u8, id);
            to.CopyField(function, "name"u8);
            WriteInput(function, place);
            OpenAiAnthropicContent.WriteCacheControl(to, call);
            to.WriteEndObject();
        }
    }

    private void WriteInput(JsonElement function, Place place)
    {
        if (!function.TryGet("arguments"u8, out var arguments) || (arguments.ValueKind == JsonValueKind.String && arguments.IsBlank()))
        {
            to.WriteStartObject("input"u8);
            to.WriteEndObject();
        }
        else if (arguments.ValueKind != JsonValueKind.String || !ToolInput.TryWriteObject(to, "input"u8, arguments))
        {
            report.Refuse(place.Dot("function.arguments"), "must be a string that holds a JSON object: Anthropic takes the inputs of tools as objects.");
        }
    }

    private static bool Refuses(JsonElement message) => message.TryGet("refusal"u8, out var refusal) && refusal.ValueKind == JsonValueKind.String && !refusal.IsBlank();

    private static int Count(JsonElement message, ReadOnlySpan<byte> name) => message.TryGet(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;

    private int Count(ReadOnlySpan<byte> name) => Count(message, name);
}
