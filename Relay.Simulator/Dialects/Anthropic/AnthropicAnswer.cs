using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes a message object, whole or as a stream begins with it.</summary>
internal static class AnthropicAnswer
{
    /// <summary>The stop_reason of an answer.</summary>
    public static string Name(FinishReason reason) => reason switch
    {
        FinishReason.Length => "max_tokens",
        FinishReason.ToolCalls => "tool_use",
        FinishReason.StopSequence => "stop_sequence",
        FinishReason.Refusal => "refusal",
        _ => "end_turn",
    };

    public static void Write(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan)
    {
        var fault = exchange.Fault?.Kind;
        var choice = plan.Choices[0];
        WriteHead(json, exchange, request);
        json.WriteStartArray("content"u8);
        if (fault != FaultKind.EmptyChoices)
        {
            WriteThinking(json, plan);
            foreach (var block in choice.Blocks)
            {
                WriteBlock(json, block);
            }
        }

        json.WriteEndArray();
        WriteStop(json, fault == FaultKind.NoFinish ? null : choice);
        if (fault != FaultKind.NoUsage)
        {
            json.WriteStartObject("usage"u8);
            WriteInput(json, plan.Usage);
            WriteOutput(json, plan.Usage);
            json.WriteString("service_tier"u8, "standard"u8);
            json.WriteEndObject();
        }
    }

    /// <summary>What a message begins with.</summary>
    public static void WriteHead(Utf8JsonWriter json, Exchange exchange, ChatRequest request)
    {
        json.WriteString("id"u8, $"msg_{exchange.Id}");
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, request.Model);
    }

    /// <summary>Why it ended; null where it has not, or does not say.</summary>
    public static void WriteStop(Utf8JsonWriter json, PlannedChoice? choice)
    {
        json.WriteString("stop_reason"u8, choice is null ? null : Name(choice.Reason));
        json.WriteString("stop_sequence"u8, choice?.StopSequence);
        if (choice?.Reason == FinishReason.Refusal)
        {
            json.WriteStartObject("stop_details"u8);
            json.WriteString("type"u8, "refusal"u8);
            json.WriteNull("category"u8);
            json.WriteNull("explanation"u8);
            json.WriteEndObject();
        }
    }

    /// <summary>The input's tokens: read from the cache, written to it, and the rest, each apart.</summary>
    public static void WriteInput(Utf8JsonWriter json, Usage usage)
    {
        json.WriteNumber("input_tokens"u8, usage.Uncached);
        json.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrite5m + usage.CacheWrite1h);
        json.WriteNumber("cache_read_input_tokens"u8, usage.Cached);
        json.WriteStartObject("cache_creation"u8);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWrite5m);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, usage.CacheWrite1h);
        json.WriteEndObject();
    }

    public static void WriteOutput(Utf8JsonWriter json, Usage usage)
    {
        json.WriteNumber("output_tokens"u8, usage.Completion);
        if (usage.Reasoning > 0)
        {
            json.WriteStartObject("output_tokens_details"u8);
            json.WriteNumber("thinking_tokens"u8, usage.Reasoning);
            json.WriteEndObject();
        }
    }

    private static void WriteThinking(Utf8JsonWriter json, AnswerPlan plan)
    {
        if (plan.Thinking is { } thinking)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "thinking"u8);
            json.WriteString("thinking"u8, thinking.Text);
            json.WriteString("signature"u8, ThinkingSignature.Of(thinking.Text));
            json.WriteEndObject();
        }
    }

    private static void WriteBlock(Utf8JsonWriter json, PlannedBlock block)
    {
        if (block.Tool is { } tool)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, $"toolu_{tool.Key}");
            json.WriteString("name"u8, tool.Name);
            json.WritePropertyName("input"u8);
            json.WriteRawValue(block.Text);
            json.WriteStartObject("caller"u8);
            json.WriteString("type"u8, "direct"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (block.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, block.Text);
            json.WriteEndObject();
        }
    }
}
