using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Tests;

/// <summary>Traffic with figures that are known.</summary>
internal static class Traffic
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly BreakerReport Closed = new(BreakerState.Closed, BreakerReason.None, Start, null, 0);

    /// <summary>Three requests, two of them well, over four attempts at openai/gpt-4.1, whose breaker is open.</summary>
    public static async Task ReportAsync(IGrains grains, long sequence = 1)
    {
        var counts = Counts((Counters.Count, 3), (Counters.Successes, 2), (Counters.Streams, 1), (Counters.Attempts, 4), (Counters.Failovers, 1), (Counters.CostNanoUsd, 1_234_567_891), (Counters.Priced, 2), (Counters.PricedTokens, 80), (Counters.Rescues, 1), (Counters.WastedTokens, 9), (Counters.WastedCostNanoUsd, 9), (Counters.Estimated, 1));
        counts[Counters.Error(ErrorKind.IdleTimeout)] = 1;
        counts[Counters.Outcome(MeteredEndpoint.ChatCompletions, ErrorKind.None)] = 1;
        counts[Counters.Outcome(MeteredEndpoint.ChatCompletions, ErrorKind.IdleTimeout)] = 1;
        counts[Counters.Outcome(MeteredEndpoint.Embeddings, ErrorKind.None)] = 1;
        counts[Counters.Tokens(TokenCategory.Input)] = 100;
        counts[Counters.Tokens(TokenCategory.Reasoning)] = 7;
        await grains.ApplyAsync(new ModelDelta("g", sequence, "chat", new MeterDelta(counts, Times(1_500, 2_500, 100_000), Times(1_000), Times(10, 20), Times(45_678)), 5), default);

        var attempts = Counts((Counters.Count, 4), (Counters.Attempts, 4), (Counters.Successes, 2), (Counters.Retries, 1), (Counters.Unpriced, 2), (Counters.MalformedEvents, 3));
        attempts[Counters.Outcome(MeteredEndpoint.Other, ErrorKind.None)] = 2;
        attempts[Counters.Outcome(MeteredEndpoint.Other, ErrorKind.ProviderError)] = 2;
        var open = new BreakerReport(BreakerState.Open, BreakerReason.FailureRatio, Start.AddSeconds(1), Start.AddSeconds(6.5), 2);
        await grains.ApplyAsync(new TargetDelta("g", sequence, "openai/gpt-4.1", new MeterDelta(attempts, Times(1_000), Times(), Times(), Times()), open, 1), default);
        await grains.ApplyAsync(new TargetDelta("g", sequence, "anthropic/claude", null, Closed, 0), default);
    }

    public static long[] Counts(params (int Place, long Value)[] values)
    {
        var counts = new long[Counters.Width];
        foreach (var (place, value) in values)
        {
            counts[place] = value;
        }

        return counts;
    }

    public static HistogramSnapshot Times(params long[] micros)
    {
        var buffer = new HistogramBuffer();
        foreach (var value in micros)
        {
            buffer.Record(value);
        }

        return buffer.Drain();
    }
}
