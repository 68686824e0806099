namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Why an answer ended: Anthropic's stop_reason beside OpenAI's finish_reason.</summary>
internal static class StopReasons
{
    /// <summary>OpenAI's word. pause_turn and what is unknown today are a stop.</summary>
    /// <param name="stopReason">Anthropic's, not empty.</param>
    public static ReadOnlySpan<byte> ToFinish(ReadOnlySpan<byte> stopReason) =>
        stopReason.SequenceEqual("tool_use"u8) ? "tool_calls"u8
        : stopReason.SequenceEqual("max_tokens"u8) || stopReason.SequenceEqual("model_context_window_exceeded"u8) ? "length"u8
        : stopReason.SequenceEqual("refusal"u8) ? "content_filter"u8
        : "stop"u8;

    /// <summary>Anthropic's word. Some servers say stop after calls of tools, and OpenAI does so after a refusal.</summary>
    /// <param name="finishReason">OpenAI's.</param>
    /// <param name="calls">The answer calls tools.</param>
    /// <param name="refuses">The answer is a refusal.</param>
    public static ReadOnlySpan<byte> ToStop(ReadOnlySpan<byte> finishReason, bool calls, bool refuses) =>
        finishReason.SequenceEqual("length"u8) ? "max_tokens"u8
        : finishReason.SequenceEqual("content_filter"u8) || refuses ? "refusal"u8
        : calls || finishReason.SequenceEqual("tool_calls"u8) || finishReason.SequenceEqual("function_call"u8) ? "tool_use"u8
        : "end_turn"u8;
}
