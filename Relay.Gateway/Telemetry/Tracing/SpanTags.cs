using System.Diagnostics;
using Relay.Core.Cost;

namespace Relay.Gateway.Telemetry.Tracing;

/// <summary>Attributes that the spans of requests and of attempts share.</summary>
internal static class SpanTags
{
    /// <summary>Tokens and their cost.</summary>
    public static void SetUsage(Activity span, Usage? usage, NanoUsd? cost)
    {
        if (usage is not { } used)
        {
            return;
        }

        span.SetTag(GenAi.InputTokens, used.TotalInput);
        span.SetTag(GenAi.OutputTokens, used.TotalOutput);
        SetCount(span, GenAi.CacheReadTokens, used.CachedInputTokens);
        SetCount(span, GenAi.CacheCreationTokens, used.CacheWrite5mTokens + used.CacheWrite1hTokens);
        SetCount(span, GenAi.ReasoningTokens, used.ReasoningTokens);
        SetFlag(span, GenAi.UsageEstimated, used.Estimated);
        if (cost is { } paid)
        {
            span.SetTag(GenAi.CostUsd, paid.Nanos / 1e9);
        }
    }

    /// <summary>Sets it where it is true; absent means false.</summary>
    public static void SetFlag(Activity span, string name, bool value)
    {
        if (value)
        {
            span.SetTag(name, true);
        }
    }

    private static void SetCount(Activity span, string name, long count)
    {
        if (count > 0)
        {
            span.SetTag(name, count);
        }
    }
}
