using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>OpenAI's reasoning_effort beside Anthropic's thinking budget and effort. The table is in docs/dialects.md.</summary>
internal static class ThinkingEffort
{
    /// <summary>The smallest budget that Anthropic takes, in tokens.</summary>
    public const long MinBudget = 1024;

    private const long Medium = 4096;
    private const long High = 16384;
    private const long Highest = 32768;

    /// <summary>The budget of an effort in tokens, 0 for none; false for anything that is no effort.</summary>
    public static bool TryGetBudget(JsonElement effort, out long budget)
    {
        budget = effort.Is("minimal"u8) || effort.Is("low"u8) ? MinBudget
            : effort.Is("medium"u8) ? Medium
            : effort.Is("high"u8) ? High
            : effort.Is("xhigh"u8) || effort.Is("max"u8) ? Highest
            : 0;
        return budget > 0 || effort.Is("none"u8);
    }

    /// <summary>The effort at Anthropic, which has no minimal.</summary>
    public static ReadOnlySpan<byte> AtAnthropic(JsonElement effort) => effort.Is("minimal"u8) ? "low"u8 : effort.Inner();

    /// <summary>The effort whose budget is the nearest below.</summary>
    /// <param name="budget">In tokens.</param>
    public static ReadOnlySpan<byte> OfBudget(long budget) => budget < Medium ? "low"u8 : budget < High ? "medium"u8 : "high"u8;
}
