using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes a Messages request from a chat completions request, part by part.</summary>
internal sealed class OpenAiAnthropicRequest(JsonElement chat, Utf8JsonWriter to, RequestReport report, OpenAiAnthropicOptions options)
{
    /// <summary>The longest user id that Anthropic takes.</summary>
    private const int MaxUserId = 256;

    /// <summary>Fields that are read below or by the other parts.</summary>
    private static readonly HashSet<string> Carried =
    [
        "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "stop", "temperature", "top_p", "top_k",
        "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "user", "safety_identifier", "service_tier",
        "cache_control", "modalities", "functions", "function_call", "web_search_options",
    ];

    /// <summary>Writes it all.</summary>
    public void Write(in UpstreamCall call)
    {
        RefuseWhatChangesTheMeaning();
        to.WriteStartObject();
        to.WriteString("model"u8, call.UpstreamModel);

        var messages = new OpenAiAnthropicMessages(to, report);
        var format = new OpenAiAnthropicFormat(chat, report, options);
        messages.Write(chat.TryGet("messages"u8, out var list) ? list : default, format.Instruction);
        var tools = new OpenAiAnthropicTools(chat, to, report, options);
        tools.Write(messages.CalledTools);

        var thinking = OpenAiAnthropicThinking.Plan(chat, report, options, canThink: messages.CanThink && !tools.Forced);
        to.WriteNumber("max_tokens"u8, thinking.MaxTokens);
        thinking.Write(to);
        format.Write(to, thinking.Effort);
        new OpenAiAnthropicSampling(chat, to, report).Write(thinking.IsOn);
        WriteUser();
        WriteServiceTier();
        if (chat.TryGet("cache_control"u8, out var cache) && cache.ValueKind == JsonValueKind.Object)
        {
            to.WriteRaw("cache_control"u8, cache);
        }

        if (call.Stream)
        {
            to.WriteBoolean("stream"u8, true);
        }

        to.WriteEndObject();
        DropTheRest();
    }

    private void RefuseWhatChangesTheMeaning()
    {
        if (chat.TryGet("n"u8, out var n) && !(n.ValueKind == JsonValueKind.Number && n.TryGetInt32(out var choices) && choices == 1))
        {
            report.Refuse("n", "must be 1: Anthropic gives one answer. Send several requests.");
        }

        if (chat.TryGet("functions"u8, out _) || chat.TryGet("function_call"u8, out _))
        {
            report.Refuse("functions", "is the old form and not carried to Anthropic. Send tools and tool_choice.");
        }

        if (chat.TryGet("modalities"u8, out var modalities) && !(modalities.ValueKind == JsonValueKind.Array && modalities.EnumerateArray().All(m => m.Is("text"u8))))
        {
            report.Refuse("modalities", "may only hold \"text\": Anthropic answers in text.");
        }

        if (chat.TryGet("web_search_options"u8, out _))
        {
            report.Refuse("web_search_options", "is not carried to Anthropic: the answer would come without a search. Leave it out.");
        }
    }

    private void WriteUser()
    {
        var name = chat.TryGet("safety_identifier"u8, out var user) ? "safety_identifier" : chat.TryGet("user"u8, out user) ? "user" : null;
        if (name is null)
        {
            return;
        }

        if (user.ValueKind != JsonValueKind.String || user.Inner().Length is 0 or > MaxUserId)
        {
            report.Drop(name);
            return;
        }

        to.WriteStartObject("metadata"u8);
        to.WriteRaw("user_id"u8, user);
        to.WriteEndObject();
    }

    /// <summary>OpenAI's auto is what Anthropic does without the field.</summary>
    private void WriteServiceTier()
    {
        if (!chat.TryGet("service_tier"u8, out var tier) || tier.Is("auto"u8))
        {
            return;
        }

        if (tier.Is("default"u8))
        {
            to.WriteString("service_tier"u8, "standard_only"u8);
        }
        else
        {
            report.Drop("service_tier");
        }
    }

    private void DropTheRest()
    {
        foreach (var field in chat.EnumerateObject())
        {
            if (!Carried.Contains(field.Name) && !SaysNothing(field.Value, field.Name))
            {
                report.DropUnknown(field.Name);
            }
        }
    }

    /// <summary>Null, false, empty, and a penalty of 0 ask for what happens anyway.</summary>
    private static bool SaysNothing(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Number => name.EndsWith("_penalty", StringComparison.Ordinal) && value.TryGetDouble(out var number) && number == 0,
        _ => false,
    };
}
