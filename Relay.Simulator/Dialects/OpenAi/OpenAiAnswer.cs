using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes a chat.completion object.</summary>
internal static class OpenAiAnswer
{
    /// <summary>The finish_reason of an answer.</summary>
    public static string Name(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.Refusal => "content_filter",
        _ => "stop",
    };

    public static void Write(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan, bool filtered = false)
    {
        json.WriteString("id"u8, $"chatcmpl-{exchange.Id}");
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, exchange.Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("choices"u8);
        if (exchange.Fault?.Kind != FaultKind.EmptyChoices)
        {
            foreach (var choice in plan.Choices)
            {
                WriteChoice(json, choice, exchange.Fault?.Kind != FaultKind.NoFinish, filtered);
            }
        }

        json.WriteEndArray();
        if (exchange.Fault?.Kind != FaultKind.NoUsage)
        {
            WriteUsage(json, plan.Usage);
        }

        json.WriteString("service_tier"u8, "default"u8);
        json.WriteString("system_fingerprint"u8, exchange.State.Fingerprint);
    }

    public static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.Prompt);
        json.WriteNumber("completion_tokens"u8, usage.Completion);
        json.WriteNumber("total_tokens"u8, usage.Prompt + usage.Completion);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.Cached);
        json.WriteNumber("audio_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteNumber("audio_tokens"u8, 0);
        json.WriteNumber("accepted_prediction_tokens"u8, 0);
        json.WriteNumber("rejected_prediction_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, PlannedChoice choice, bool finish, bool filtered)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        if (choice.CallsTools)
        {
            json.WriteNull("content"u8);
            json.WriteStartArray("tool_calls"u8);
            foreach (var block in choice.Blocks)
            {
                WriteCall(json, block);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("content"u8, choice.Blocks[0].Text);
        }

        json.WriteNull("refusal"u8);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finish ? Name(choice.Reason) : null);
        if (filtered)
        {
            json.WritePropertyName("content_filter_results"u8);
            json.WriteRawValue(AzureFilters.Safe);
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, PlannedBlock block)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"call_{block.Tool!.Key}");
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, block.Tool.Name);
        json.WriteString("arguments"u8, block.Text);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
