using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.V1;
using Tally = Relay.Core.Cost.Usage;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>What Relay itself says of an answer: that which HTTP has in its headers.</summary>
internal static class RelayNotes
{
    /// <summary>What is known when a stream begins.</summary>
    public static RelayInfo First(in AnswerHead head) => new() { RequestId = head.RequestId, Target = head.Target ?? "", Attempts = head.Attempts };

    /// <summary>What is known when an answer is whole.</summary>
    public static RelayInfo All(in AnswerHead head)
    {
        var info = First(head);
        info.OverheadMs = head.Overhead.TotalMilliseconds;
        info.Dropped.AddRange(head.Dropped);
        if (head.Cost is { } cost)
        {
            info.CostNanoUsd = cost.Nanos;
        }

        var breaks = head.Breaks ?? [];
        for (var i = 0; i < breaks.Count; i++)
        {
            info.Rescues.Add(new V1.Rescue
            {
                From = breaks[i].Target,
                To = i + 1 < breaks.Count ? breaks[i + 1].Target : info.Target,
                Error = breaks[i].Error.Label(),
                AfterMs = (long)breaks[i].After.TotalMilliseconds,
                SentBytes = breaks[i].SentBytes,
            });
        }

        return info;
    }

    /// <summary>The tokens; null when none are known of.</summary>
    public static Usage? UsageOf(in AnswerHead head) => head.Usage is not { } usage ? null : new() { Tokens = TokensOf(usage), Estimated = usage.Estimated };

    private static Tokens TokensOf(in Tally usage) => new()
    {
        Input = usage.InputTokens,
        CachedInput = usage.CachedInputTokens,
        CacheWrite5M = usage.CacheWrite5mTokens,
        CacheWrite1H = usage.CacheWrite1hTokens,
        Output = usage.OutputTokens,
        Reasoning = usage.ReasoningTokens,
        AudioInput = usage.AudioInputTokens,
        AudioOutput = usage.AudioOutputTokens,
        Total = usage.Total,
    };
}
