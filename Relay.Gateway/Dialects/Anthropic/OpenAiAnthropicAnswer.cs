using System.Buffers;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes a chat completion from a whole Messages answer. Citations and what tools of the provider's own found are left out; their text is in the answer.</summary>
internal sealed class OpenAiAnthropicAnswer
{
    private readonly JsonElement _content;
    private readonly Utf8JsonWriter _to;
    private readonly RawText _text = new();

    private OpenAiAnthropicAnswer(JsonElement content, Utf8JsonWriter to)
    {
        _content = content;
        _to = to;
    }

    /// <summary>Reads an answer of status 200.</summary>
    /// <returns>Null, or why it is none.</returns>
    public static RelayError? Read(ReadOnlyMemory<byte> answer, in UpstreamCall call, IBufferWriter<byte> chat)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, JsonFields.Reading);
            var root = document.RootElement;
            if (root.Has("type"u8, "error"u8))
            {
                var said = OpenAiAnthropicErrors.Read(answer);
                return new(said.Classify(200), said.Message ?? "The provider sent an error without a message.");
            }

            if (!root.TryGet("content"u8, out var content) || content.ValueKind != JsonValueKind.Array)
            {
                return new(ErrorKind.Malformed, "The provider's answer has no content.");
            }

            if (!root.TryGetText("stop_reason"u8, out _))
            {
                return new(ErrorKind.Malformed, "The provider's answer has no stop_reason.");
            }

            using var json = new Utf8JsonWriter(chat, JsonFields.Writing);
            new OpenAiAnthropicAnswer(content, json).Write(root, call);
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(ErrorKind.Malformed, "The provider's answer is not valid JSON.");
        }
    }

    private void Write(JsonElement root, in UpstreamCall call)
    {
        _to.WriteStartObject();
        if (root.TryGetText("id"u8, out _))
        {
            _to.CopyField(root, "id"u8);
        }
        else
        {
            _to.WriteString("id"u8, $"chatcmpl-{call.RequestId}");
        }

        _to.WriteString("object"u8, "chat.completion"u8);
        _to.WriteNumber("created"u8, call.Created);
        if (root.TryGetText("model"u8, out _))
        {
            _to.CopyField(root, "model"u8);
        }
        else
        {
            _to.WriteString("model"u8, call.UpstreamModel);
        }

        _to.WriteStartArray("choices"u8);
        _to.WriteStartObject();
        _to.WriteNumber("index"u8, 0);
        WriteMessage(root);
        _to.WriteNull("logprobs"u8);
        root.TryGetText("stop_reason"u8, out var stop);
        _to.WriteString("finish_reason"u8, StopReasons.ToFinish(stop));
        _to.WriteEndObject();
        _to.WriteEndArray();
        WriteUsage(root);
        _to.WriteEndObject();
    }

    private void WriteMessage(JsonElement root)
    {
        _to.WriteStartObject("message"u8);
        _to.WriteString("role"u8, "assistant"u8);
        WriteJoined("content"u8, "text"u8, "text"u8, orNull: true);
        if (root.TryGet("stop_details"u8, out var details) && details.TryGetText("explanation"u8, out _))
        {
            _to.WriteRaw("refusal"u8, details.GetProperty("explanation"u8));
        }
        else
        {
            _to.WriteNull("refusal"u8);
        }

        WriteJoined("reasoning_content"u8, "thinking"u8, "thinking"u8, orNull: false);
        WriteThinkingBlocks();
        WriteCalls();
        _to.WriteEndObject();
    }

    private void WriteJoined(ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReadOnlySpan<byte> field, bool orNull)
    {
        var any = false;
        foreach (var block in _content.EnumerateArray())
        {
            if (block.Has("type"u8, type))
            {
                any = true;
                block.TryGetText(field, out var inner);
                _text.Append(inner);
            }
        }

        if (any)
        {
            _text.WriteTo(_to, name);
        }
        else if (orNull)
        {
            _to.WriteNull(name);
        }
    }

    private void WriteThinkingBlocks()
    {
        var any = false;
        foreach (var block in _content.EnumerateArray())
        {
            if (!block.Has("type"u8, "thinking"u8) && !block.Has("type"u8, "redacted_thinking"u8))
            {
                continue;
            }

            if (!any)
            {
                _to.WriteStartArray("thinking_blocks"u8);
                any = true;
            }

            _to.WriteRawValue(block.Raw(), skipInputValidation: true);
        }

        if (any)
        {
            _to.WriteEndArray();
        }
    }

    private void WriteCalls()
    {
        var any = false;
        foreach (var block in _content.EnumerateArray())
        {
            if (!block.Has("type"u8, "tool_use"u8))
            {
                continue;
            }

            if (!any)
            {
                _to.WriteStartArray("tool_calls"u8);
                any = true;
            }

            _to.WriteStartObject();
            _to.CopyField(block, "id"u8);
            _to.WriteString("type"u8, "function"u8);
            _to.WriteStartObject("function"u8);
            _to.CopyField(block, "name"u8);
            if (block.TryGet("input"u8, out var input))
            {
                ToolInput.WriteString(_to, "arguments"u8, input);
            }
            else
            {
                _to.WriteString("arguments"u8, "{}"u8);
            }

            _to.WriteEndObject();
            _to.WriteEndObject();
        }

        if (any)
        {
            _to.WriteEndArray();
        }
    }

    private void WriteUsage(JsonElement root)
    {
        if (!root.TryGet("usage"u8, out var found))
        {
            return;
        }

        var json = new Utf8JsonReader(found.Raw(), new JsonReaderOptions { MaxDepth = JsonFields.Reading.MaxDepth });
        json.Read();
        var usage = default(AnthropicUsage);
        usage.ReadAnthropic(ref json);
        if (usage.IsKnown)
        {
            usage.WriteChat(_to);
        }

        if (found.TryGet("service_tier"u8, out var tier) && (tier.Is("standard"u8) || tier.Is("priority"u8)))
        {
            _to.WriteString("service_tier"u8, tier.Is("standard"u8) ? "default"u8 : "priority"u8);
        }
    }
}
