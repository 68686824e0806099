using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Silo.Grains;
using Relay.Simulation.Gateways;

namespace Relay.Simulation.Invariants;

/// <summary>The grains have counted each record once.</summary>
internal sealed class FiguresAgree(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "Every figure of the grains' windows is the sum over all gateways' records: requests, attempts, outcomes, errors, retries, failovers, tokens, distributions; nothing is under way; and each gateway's own metrics are the sum over its records.";

    /// <inheritdoc/>
    public override void GatewaysAreStopped()
    {
        var records = World.Referee.Books.SelectMany(b => b.Records).ToArray();
        foreach (var model in World.Plan.Config.Models.Keys)
        {
            Compare(model, ExpectedOf(records.Where(r => r.Model == model)), World.StatsOfModel(model));
        }

        foreach (var target in World.Plan.Targets)
        {
            Compare(target.Name, ExpectedOf(records, target.Name), World.StatsOfTarget(target.Name));
        }

        foreach (var gateway in World.Gateways)
        {
            CompareMetrics(gateway, [.. World.Referee.Books.Where(b => b.Request.Gateway == gateway.Index).SelectMany(b => b.Records)]);
        }
    }

    private void CompareMetrics(GatewayNode gateway, RequestRecord[] records)
    {
        var cost = gateway.Metrics.Requests.Sum(cells => cells.CostNanoUsd);
        Must(cost == records.Sum(r => r.Cost?.Nanos ?? 0), $"/metrics of g{gateway.Index} says {cost} nano-USD");
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            var attempts = gateway.Metrics.Attempts.Sum(cells => cells.Outcomes(kind));
            Must(attempts == records.Sum(r => r.Attempts.Count(a => a.Error == kind)), $"/metrics of g{gateway.Index} says {attempts} attempts ended with {kind.Label()}");
            var errors = gateway.Metrics.Requests.Sum(cells => cells.Errors(kind));
            Must(kind == ErrorKind.None || errors == records.Count(r => r.Error == kind), $"/metrics of g{gateway.Index} says {errors} requests ended with {kind.Label()}");
        }
    }

    private static long[] ExpectedOf(IEnumerable<RequestRecord> records)
    {
        var counts = new long[Counters.Width];
        foreach (var record in records)
        {
            AddEnd(counts, record.Error, record.Streamed);
            AddUsage(counts, record.Usage, record.Cost);
            counts[Counters.Attempts] += record.Attempts.Count;
            counts[Counters.Retries] += record.Attempts.Count(a => a.IsRetry);
            counts[Counters.MalformedEvents] += record.Attempts.Sum(a => a.MalformedEvents);
            counts[Counters.Slow] += record.Attempts.Count(a => a.IsSlow);
            counts[Counters.Failovers] += record.Attempts.Select(a => a.Target).Distinct().Count() > 1 ? 1 : 0;
            counts[Counters.Rescues] += record.Rescued ? 1 : 0;
            foreach (var attempt in record.Attempts)
            {
                AddWaste(counts, attempt);
            }
        }

        return counts;
    }

    private static long[] ExpectedOf(RequestRecord[] records, string target)
    {
        var counts = new long[Counters.Width];
        foreach (var record in records)
        {
            for (var i = 0; i < record.Attempts.Count; i++)
            {
                var attempt = record.Attempts[i];
                if (attempt.Target == target)
                {
                    AddEnd(counts, attempt.Error, attempt.Streamed);
                    AddUsage(counts, attempt.Usage, attempt.Cost);
                    AddWaste(counts, attempt);
                    counts[Counters.Rescues] += attempt.IsRescue ? 1 : 0;
                    counts[Counters.Attempts]++;
                    counts[Counters.Retries] += attempt.IsRetry ? 1 : 0;
                    counts[Counters.MalformedEvents] += attempt.MalformedEvents;
                    counts[Counters.Slow] += attempt.IsSlow ? 1 : 0;
                    counts[Counters.Failovers] += i + 1 < record.Attempts.Count && record.Attempts[i + 1].Target != target ? 1 : 0;
                }
            }
        }

        return counts;
    }

    private static void AddEnd(long[] counts, ErrorKind error, bool streamed)
    {
        counts[Counters.Count]++;
        counts[Counters.Streams] += streamed ? 1 : 0;
        counts[error == ErrorKind.None ? Counters.Successes : Counters.Error(error)]++;
        counts[Counters.Outcome(MeteredEndpoint.ChatCompletions, error)]++;
    }

    private static void AddUsage(long[] counts, Usage? usage, NanoUsd? cost)
    {
        if (usage is not { } used)
        {
            return;
        }

        foreach (var category in TokenCategories.All)
        {
            counts[Counters.Tokens(category)] += used[category];
        }

        counts[Counters.Estimated] += used.Estimated ? 1 : 0;
        counts[cost is null ? Counters.Unpriced : Counters.Priced]++;
        counts[Counters.PricedTokens] += cost is null ? 0 : used.Total;
        counts[Counters.CostNanoUsd] += cost?.Nanos ?? 0;
    }

    private static void AddWaste(long[] counts, in AttemptRecord attempt)
    {
        counts[Counters.WastedTokens] += attempt.Billed ? 0 : attempt.Usage?.Total ?? 0;
        counts[Counters.WastedCostNanoUsd] += attempt.Billed ? 0 : attempt.Cost?.Nanos ?? 0;
    }

    private void Compare(string name, long[] expected, MeterStats stats)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Must(stats.Counts[i] == expected[i], $"counter {i} of {name} is {stats.Counts[i]}, the records say {expected[i]}");
        }

        Must(stats.Latency.Count == expected[Counters.Count], $"{stats.Latency.Count} latencies of {name}, the records say {expected[Counters.Count]}");
        Must(stats.Active == 0, $"{stats.Active} of {name} under way");
    }
}
