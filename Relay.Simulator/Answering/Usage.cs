using System.Text.Json;

namespace Relay.Simulator;

/// <summary>The usage object of an answer, in OpenAI's shape.</summary>
internal readonly record struct Usage(int Prompt, int Completion, int Cached, int Reasoning)
{
    public static Usage Of(SimulatorOptions options, ChatRequest request, int words)
    {
        var reasoning = request.ReasoningEffort ? options.ReasoningTokensOnEffort : options.ReasoningTokens;
        var cached = (int)((long)request.PromptTokens * options.CachedPromptPercent / 100);
        return new Usage(request.PromptTokens, words + reasoning, cached, reasoning);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, Prompt);
        json.WriteNumber("completion_tokens"u8, Completion);
        json.WriteNumber("total_tokens"u8, Prompt + Completion);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Cached);
        json.WriteNumber("audio_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, Reasoning);
        json.WriteNumber("audio_tokens"u8, 0);
        json.WriteNumber("accepted_prediction_tokens"u8, 0);
        json.WriteNumber("rejected_prediction_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
