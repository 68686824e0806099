using System.Text.Json;
using Relay.Gateway.Config;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>How long the answer may be and how much of that is for thinking: max_tokens, thinking and the effort, which hang together.</summary>
internal readonly ref struct OpenAiAnthropicThinking
{
    private readonly ThinkingStyle _style;
    private readonly long _budget;
    private readonly bool _disabled;

    private OpenAiAnthropicThinking(long maxTokens, ThinkingStyle style = ThinkingStyle.None, long budget = 0, ReadOnlySpan<byte> effort = default, bool disabled = false)
    {
        MaxTokens = maxTokens;
        Effort = effort;
        _style = style;
        _budget = budget;
        _disabled = disabled;
    }

    /// <summary>max_tokens; what is thought counts too, on both sides.</summary>
    public long MaxTokens { get; }

    /// <summary>The effort for output_config, or empty.</summary>
    public ReadOnlySpan<byte> Effort { get; }

    /// <summary>The model is told to think.</summary>
    public bool IsOn => _style != ThinkingStyle.None;

    /// <summary>Reads what was asked for.</summary>
    /// <param name="chat">The request.</param>
    /// <param name="report">Receives what is wrong and what is left out.</param>
    /// <param name="options">What the model can do.</param>
    /// <param name="canThink">The conversation and the tool choice allow it.</param>
    public static OpenAiAnthropicThinking Plan(JsonElement chat, RequestReport report, OpenAiAnthropicOptions options, bool canThink)
    {
        var asked = MaxTokensOf(chat, report);
        if (!chat.TryGet("reasoning_effort"u8, out var wish))
        {
            return new(asked ?? options.DefaultMaxTokens);
        }

        if (!ThinkingEffort.TryGetBudget(wish, out var budget))
        {
            report.Refuse("reasoning_effort", "must be none, minimal, low, medium, high, xhigh or max.");
        }

        var adaptive = options.Thinking == ThinkingStyle.Adaptive;
        if (budget == 0)
        {
            return new(asked ?? options.DefaultMaxTokens, disabled: adaptive);
        }

        var fits = adaptive || asked is null or > ThinkingEffort.MinBudget;
        if (options.Thinking == ThinkingStyle.None || !canThink || !fits)
        {
            report.Drop("reasoning_effort");
            return new(asked ?? options.DefaultMaxTokens);
        }

        if (adaptive)
        {
            return new(asked ?? WithBudget(options, budget), ThinkingStyle.Adaptive, effort: ThinkingEffort.AtAnthropic(wish));
        }

        // Half of what the client allows is left for the answer, unless the smallest budget is more.
        var most = asked ?? WithBudget(options, budget);
        var granted = Math.Min(budget, Math.Max(ThinkingEffort.MinBudget, asked is null ? most - options.DefaultMaxTokens : most / 2));
        if (granted < budget)
        {
            report.Drop("reasoning_effort");
        }

        return new(most, ThinkingStyle.Budget, granted);
    }

    /// <summary>The default limit with room for thinking, as far as the model can go.</summary>
    private static long WithBudget(OpenAiAnthropicOptions options, long budget) =>
        Math.Min(options.DefaultMaxTokens + budget, options.LongestAnswer ?? long.MaxValue);

    /// <summary>Writes the field thinking.</summary>
    public void Write(Utf8JsonWriter to)
    {
        if (!IsOn && !_disabled)
        {
            return;
        }

        to.WriteStartObject("thinking"u8);
        to.WriteString("type"u8, _disabled ? "disabled"u8 : _style == ThinkingStyle.Adaptive ? "adaptive"u8 : "enabled"u8);
        if (_budget > 0)
        {
            to.WriteNumber("budget_tokens"u8, _budget);
        }

        to.WriteEndObject();
    }

    private static long? MaxTokensOf(JsonElement chat, RequestReport report)
    {
        var field = "max_completion_tokens";
        if (!chat.TryGet("max_completion_tokens"u8, out var value))
        {
            field = "max_tokens";
            if (!chat.TryGet("max_tokens"u8, out value))
            {
                return null;
            }
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var tokens) && tokens > 0)
        {
            return tokens;
        }

        report.Refuse(field, "must be a whole number of at least 1.");
        return null;
    }
}
