using System.Buffers;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes a Messages answer from a chat completion: of its choices the first, which is the only one that was asked for.</summary>
internal static class AnthropicOpenAiAnswer
{
    /// <summary>Writes it. What is no chat completion becomes an error of Anthropic's shape.</summary>
    public static void Write(ReadOnlyMemory<byte> chat, IBufferWriter<byte> to)
    {
        var answer = new ArrayBufferWriter<byte>(chat.Length + 256);
        try
        {
            using var document = JsonDocument.Parse(chat, JsonFields.Reading);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                using var json = new Utf8JsonWriter(answer, JsonFields.Writing);
                Write(document.RootElement, json);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            answer.ResetWrittenCount();
        }

        if (answer.WrittenCount == 0)
        {
            using var json = new Utf8JsonWriter(to, JsonFields.Writing);
            AnthropicOpenAiErrors.Write(json, "api_error", "The provider's answer could not be read.");
            return;
        }

        to.Write(answer.WrittenSpan);
    }

    private static void Write(JsonElement root, Utf8JsonWriter to)
    {
        var choice = root.TryGet("choices"u8, out var choices) && choices.ValueKind == JsonValueKind.Array ? choices.EnumerateArray().FirstOrDefault() : default;
        choice.TryGet("message"u8, out var message);
        to.WriteStartObject();
        root.TryGetText("id"u8, out var id);
        WriteId(to, id);
        to.WriteString("type"u8, "message"u8);
        to.WriteString("role"u8, "assistant"u8);
        if (root.TryGetText("model"u8, out _))
        {
            to.CopyField(root, "model"u8);
        }
        else
        {
            to.WriteString("model"u8, "unknown"u8);
        }

        to.WriteStartArray("content"u8);
        WriteThinking(message, to);
        var refuses = WriteText(message, to);
        var calls = WriteCalls(message, to);
        to.WriteEndArray();
        choice.TryGetText("finish_reason"u8, out var finish);
        to.WriteString("stop_reason"u8, StopReasons.ToStop(finish, calls, refuses));
        to.WriteNull("stop_sequence"u8);
        WriteUsage(root, to);
        to.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter to, ReadOnlySpan<byte> id)
    {
        var text = new RawText();
        if (!id.StartsWith("msg_"u8))
        {
            text.Append("msg_"u8);
        }

        text.Append(id);
        text.WriteTo(to, "id"u8);
    }

    /// <summary>Blocks with their signatures where the provider gave such, else the reasoning in one block.</summary>
    private static void WriteThinking(JsonElement message, Utf8JsonWriter to)
    {
        var any = false;
        if (message.TryGet("thinking_blocks"u8, out var blocks) && blocks.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in blocks.EnumerateArray())
            {
                any |= WriteThinkingBlock(block, to);
            }
        }

        if (!any && message.TryGetText("reasoning_content"u8, out var reasoning))
        {
            AnthropicOpenAiBlocks.WriteThinking(to, reasoning, default);
        }
    }

    private static bool WriteThinkingBlock(JsonElement block, Utf8JsonWriter to)
    {
        if (block.Has("type"u8, "redacted_thinking"u8) && block.TryGetText("data"u8, out var data))
        {
            AnthropicOpenAiBlocks.WriteRedactedThinking(to, data);
            return true;
        }

        if (!block.Has("type"u8, "thinking"u8) || !block.TryGet("thinking"u8, out var text) || text.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        block.TryGetText("signature"u8, out var signature);
        AnthropicOpenAiBlocks.WriteThinking(to, text.Inner(), signature);
        return true;
    }

    private static bool WriteText(JsonElement message, Utf8JsonWriter to)
    {
        if (message.TryGetText("content"u8, out var text))
        {
            AnthropicOpenAiBlocks.WriteText(to, text);
        }

        var refuses = message.TryGetText("refusal"u8, out var refusal);
        if (refuses)
        {
            AnthropicOpenAiBlocks.WriteText(to, refusal);
        }

        return refuses;
    }

    private static bool WriteCalls(JsonElement message, Utf8JsonWriter to)
    {
        var any = false;
        if (message.TryGet("tool_calls"u8, out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray())
            {
                any |= WriteCall(call, to);
            }
        }

        return any;
    }

    private static bool WriteCall(JsonElement call, Utf8JsonWriter to)
    {
        if (!call.TryGet("function"u8, out var function) || !function.TryGetText("name"u8, out _))
        {
            return false;
        }

        to.WriteStartObject();
        to.WriteString("type"u8, "tool_use"u8);
        call.TryGetText("id"u8, out var id);
        ToolIds.Write(to, "id"u8, id);
        to.CopyField(function, "name"u8);
        function.TryGet("arguments"u8, out var arguments);
        if (arguments.ValueKind != JsonValueKind.String || !ToolInput.TryWriteObject(to, "input"u8, arguments))
        {
            WriteBrokenInput(arguments, to);
        }

        // Anthropic's clients take a call without it for an invalid message.
        to.WriteStartObject("caller"u8);
        to.WriteString("type"u8, "direct"u8);
        to.WriteEndObject();
        to.WriteEndObject();
        return true;
    }

    /// <summary>An input must be an object. What the model wrote instead is kept in one, for the client to see.</summary>
    private static void WriteBrokenInput(JsonElement arguments, Utf8JsonWriter to)
    {
        to.WriteStartObject("input"u8);
        if (arguments.ValueKind == JsonValueKind.String && !arguments.IsBlank())
        {
            to.WriteRaw("arguments"u8, arguments);
        }

        to.WriteEndObject();
    }

    private static void WriteUsage(JsonElement root, Utf8JsonWriter to)
    {
        var usage = default(AnthropicUsage);
        if (root.TryGet("usage"u8, out var found))
        {
            var json = new Utf8JsonReader(found.Raw(), new JsonReaderOptions { MaxDepth = JsonFields.Reading.MaxDepth });
            json.Read();
            usage.ReadChat(ref json);
        }

        usage.WriteAnthropic(to);
    }
}
