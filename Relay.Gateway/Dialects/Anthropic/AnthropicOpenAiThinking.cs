using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes reasoning_effort from thinking and output_config.effort.</summary>
internal static class AnthropicOpenAiThinking
{
    /// <summary>Writes it. The effort wins over the budget, which says the same less directly; without either the model's own default holds.</summary>
    public static void Write(JsonElement root, Utf8JsonWriter to, RequestReport report)
    {
        var effort = EffortOf(root, report);
        if (!root.TryGet("thinking"u8, out var thinking))
        {
            WriteEffort(to, effort);
            return;
        }

        if (thinking.Has("type"u8, "disabled"u8))
        {
            if (!effort.IsEmpty)
            {
                report.Drop("output_config.effort");
            }
        }
        else if (thinking.Has("type"u8, "adaptive"u8))
        {
            WriteEffort(to, effort);
        }
        else if (!thinking.Has("type"u8, "enabled"u8))
        {
            report.Refuse("thinking.type", "must be enabled, disabled or adaptive.");
        }
        else if (!thinking.TryGet("budget_tokens"u8, out var budget) || !budget.TryGetWhole(out var tokens) || tokens < ThinkingEffort.MinBudget)
        {
            report.Refuse("thinking.budget_tokens", "must be a whole number of at least 1024.");
        }
        else
        {
            WriteEffort(to, effort.IsEmpty ? ThinkingEffort.OfBudget(tokens) : effort);
        }
    }

    private static ReadOnlySpan<byte> EffortOf(JsonElement root, RequestReport report)
    {
        if (!root.TryGet("output_config"u8, out var config) || !config.TryGet("effort"u8, out var effort))
        {
            return default;
        }

        if (effort.Is("low"u8) || effort.Is("medium"u8) || effort.Is("high"u8))
        {
            return effort.Inner();
        }

        if (effort.Is("xhigh"u8) || effort.Is("max"u8))
        {
            // Few models elsewhere know more than high.
            report.Drop("output_config.effort");
            return "high"u8;
        }

        report.Refuse("output_config.effort", "must be low, medium, high, xhigh or max.");
        return default;
    }

    private static void WriteEffort(Utf8JsonWriter to, ReadOnlySpan<byte> effort)
    {
        if (!effort.IsEmpty)
        {
            to.WriteString("reasoning_effort"u8, effort);
        }
    }
}
