namespace Relay.Gateway.Dialects.Gemini;

/// <summary>reasoning_effort in Gemini's two scales, as Google's own OpenAI endpoint maps it (https://ai.google.dev/gemini-api/docs/openai#thinking).</summary>
/// <param name="Budget">thinkingBudget in tokens; 0 switches thinking off.</param>
/// <param name="Level">thinkingLevel.</param>
/// <param name="IsShown">Thoughts are asked for; false when there should be none.</param>
internal readonly record struct GeminiEffort(int Budget, string Level, bool IsShown)
{
    /// <summary>The least that a Pro model thinks.</summary>
    private const int LeastOfPro = 128;

    /// <summary>Reads an effort. Pro models cannot be told to think minimally or not at all: they get their least.</summary>
    public static GeminiEffort Of(Field effort, bool isPro) => effort.Text() switch
    {
        "none" => isPro ? new(LeastOfPro, "low", false) : new(0, "minimal", false),
        "minimal" => new(1024, isPro ? "low" : "minimal", true),
        "low" => new(1024, "low", true),
        "medium" => new(8192, "medium", true),
        "high" or "xhigh" or "max" => new(24576, "high", true),
        _ => throw effort.Refuse("must be none, minimal, low, medium, high, xhigh or max."),
    };
}
