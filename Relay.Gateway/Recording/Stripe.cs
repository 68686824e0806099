using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>One stripe of <see cref="MeterShards"/>; every member needs its lock.</summary>
internal sealed class Stripe
{
    private readonly HistogramBuffer _latency = new();
    private readonly HistogramBuffer _firstToken = new();
    private readonly HistogramBuffer _tokensPerSecond = new();

    /// <summary>The lock; held for well under a microsecond.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The counter vector.</summary>
    public long[] Counts { get; } = new long[Counters.Width];

    /// <summary>Times between tokens.</summary>
    public HistogramBuffer InterToken { get; } = new();

    /// <summary>Something was counted since the last drain.</summary>
    public bool Touched { get; set; }

    /// <summary>Counts how a request or attempt ended and how long it took.</summary>
    public void CountOutcome(MeteredEndpoint endpoint, ErrorKind error, bool streamed, TimeSpan latency, TimeSpan? firstToken)
    {
        Touched = true;
        Counts[Counters.Count]++;
        Counts[error == ErrorKind.None ? Counters.Successes : Counters.Error(error)]++;
        Counts[Counters.Outcome(endpoint, error)]++;
        Counts[Counters.Streams] += streamed ? 1 : 0;
        _latency.Record((long)latency.TotalMicroseconds);
        if (firstToken is { } first)
        {
            _firstToken.Record((long)first.TotalMicroseconds);
        }
    }

    /// <summary>Counts tokens, how fast they came, and money.</summary>
    public void CountUsage(Usage? usage, NanoUsd? cost, TimeSpan latency, TimeSpan? firstToken)
    {
        if (usage is not { } used)
        {
            return;
        }

        foreach (var category in TokenCategories.All)
        {
            Counts[Counters.Tokens(category)] += used[category];
        }

        Counts[Counters.Estimated] += used.Estimated ? 1 : 0;
        Counts[cost is null ? Counters.Unpriced : Counters.Priced]++;
        Counts[Counters.PricedTokens] += cost is null ? 0 : used.Total;
        Counts[Counters.CostNanoUsd] += cost?.Nanos ?? 0;
        if (TokenRate.Of(used.TotalOutput, latency, firstToken) is { } rate)
        {
            _tokensPerSecond.Record(rate);
        }
    }

    /// <summary>Counts what an attempt cost of which the client got nothing.</summary>
    public void CountWaste(in AttemptRecord attempt)
    {
        if (!attempt.Billed && attempt.Usage is { } used)
        {
            Counts[Counters.WastedTokens] += used.Total;
            Counts[Counters.WastedCostNanoUsd] += attempt.Cost?.Nanos ?? 0;
        }
    }

    /// <summary>Takes everything and starts anew. Copies: an old object that points to a new one is work for every collection.</summary>
    public MeterDelta Drain()
    {
        long[] counts = [.. Counts];
        Array.Clear(Counts);
        Touched = false;
        return new(counts, _latency.Drain(), _firstToken.Drain(), InterToken.Drain(), _tokensPerSecond.Drain());
    }
}
