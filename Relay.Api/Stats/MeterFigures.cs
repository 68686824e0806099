using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>The figures of one target, one model or all models over one window.</summary>
public sealed record MeterFigures
{
    private const int RateDecimals = 6;
    private const int CostDecimals = 12;
    private const int TokenDecimals = 3;
    private const decimal NanosPerUsd = 1_000_000_000;

    /// <summary>Requests of a model; attempts at a target.</summary>
    public required long Count { get; init; }

    /// <summary>Those that ended well.</summary>
    public required long Successes { get; init; }

    /// <summary>Share of those that ended well, 0 to 1, cut (not rounded) to six decimals, so that 1 means all; null when there were none.</summary>
    public decimal? SuccessRate => Count == 0 ? null : Math.Min(1, Math.Round((decimal)Successes / Count, RateDecimals, MidpointRounding.ToZero));

    /// <summary>Those that were streamed.</summary>
    public required long Streams { get; init; }

    /// <summary>Attempts that repeated one at the same target.</summary>
    public required long Retries { get; init; }

    /// <summary>Model: requests answered by another target than the first one tried. Target: requests that left it for another.</summary>
    public required long Failovers { get; init; }

    /// <summary>Model: requests whose stream broke and was continued to its end. Target: attempts that went on with the broken stream of another.</summary>
    public required long Rescues { get; init; }

    /// <summary>Tokens of attempts of which no client got anything. Among a target's tokens, not among a model's.</summary>
    public required long WastedTokens { get; init; }

    /// <summary>Their cost. Part of a target's cost, not of a model's.</summary>
    public required NanoUsd WastedCost { get; init; }

    /// <summary>Model: attempts that its requests took. Target: the same as <see cref="Count"/>.</summary>
    public required long Attempts { get; init; }

    /// <summary>Under way now.</summary>
    public required int Active { get; init; }

    /// <summary>How often each kind of error ended one, in the order of <see cref="ErrorKind"/>; only those that happened.</summary>
    public required IReadOnlyList<ErrorFigure> Errors { get; init; }

    /// <summary>The same by endpoint, in the order of <see cref="MeteredEndpoint"/>; only those that something came for.</summary>
    public required IReadOnlyList<EndpointFigures> Endpoints { get; init; }

    /// <summary>Total latency; null when nothing was measured.</summary>
    public required DistributionFigures? Latency { get; init; }

    /// <summary>Time to first token, streams only; null when nothing was measured.</summary>
    public required DistributionFigures? FirstToken { get; init; }

    /// <summary>Time between tokens, streams only; null when nothing was measured.</summary>
    public required DistributionFigures? InterToken { get; init; }

    /// <summary>Output tokens per second of each stream; null when nothing was measured.</summary>
    public required DistributionFigures? TokensPerSecond { get; init; }

    /// <summary>Tokens by category, at the place of the category's number.</summary>
    public required IReadOnlyList<long> Tokens { get; init; }

    /// <summary>All tokens.</summary>
    public required long TotalTokens { get; init; }

    /// <summary>The sum of all known costs; null when there were answers with tokens, and a price for none of them.</summary>
    public required NanoUsd? Cost { get; init; }

    /// <summary>All tokens of the answers that have a price.</summary>
    public required long PricedTokens { get; init; }

    /// <summary>Cost of 1,000 tokens, of the answers that have a price, rounded to 1e-12 USD; null when none has.</summary>
    public decimal? CostPer1000TokensUsd => Cost is not { } cost || PricedTokens == 0 ? null : Round(cost.Nanos / NanosPerUsd * 1_000 / PricedTokens, CostDecimals);

    /// <summary>Tokens for one US dollar, of the answers that have a price, rounded to thousandths; null when none has, or when they cost nothing.</summary>
    public decimal? TokensPerUsd => Cost is not { Nanos: > 0 } cost || PricedTokens == 0 ? null : Round(PricedTokens * NanosPerUsd / cost.Nanos, TokenDecimals);

    /// <summary>Answers that have a price.</summary>
    public required long Priced { get; init; }

    /// <summary>Answers with tokens for which no price is known; they are missing in <see cref="Cost"/>.</summary>
    public required long Unpriced { get; init; }

    /// <summary>Answers whose tokens had to be estimated.</summary>
    public required long Estimated { get; init; }

    /// <summary>Stream events that could not be read and were skipped.</summary>
    public required long MalformedEvents { get; init; }

    /// <summary>Attempts that were slow; of a model, those that its requests took.</summary>
    public required long Slow { get; init; }

    /// <summary>Standby probes of a target, which are no attempts; zero for models.</summary>
    public required long StandbyProbes { get; init; }

    /// <summary>Those that failed.</summary>
    public required long StandbyFailures { get; init; }

    /// <summary>Puts a meter in figures.</summary>
    public static MeterFigures From(MeterStats meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        var counts = meter.Counts;
        var tokens = new long[TokenCategories.Count];
        counts.AsSpan(Counters.Tokens(default), tokens.Length).CopyTo(tokens);
        return new MeterFigures
        {
            Count = counts[Counters.Count],
            Successes = counts[Counters.Successes],
            Streams = counts[Counters.Streams],
            Retries = counts[Counters.Retries],
            Failovers = counts[Counters.Failovers],
            Rescues = counts[Counters.Rescues],
            WastedTokens = counts[Counters.WastedTokens],
            WastedCost = new NanoUsd(counts[Counters.WastedCostNanoUsd]),
            Attempts = counts[Counters.Attempts],
            Active = meter.Active,
            Errors = ErrorsAt(counts, Counters.Error(ErrorKind.None)),
            Endpoints = EndpointsOf(counts),
            Latency = DistributionFigures.From(meter.Latency),
            FirstToken = DistributionFigures.From(meter.FirstToken),
            InterToken = DistributionFigures.From(meter.InterToken),
            TokensPerSecond = DistributionFigures.From(meter.TokensPerSecond),
            Tokens = tokens,
            TotalTokens = tokens.Aggregate(0L, MeterSum.Add),
            Cost = counts[Counters.Priced] == 0 && counts[Counters.Unpriced] > 0 ? null : new NanoUsd(counts[Counters.CostNanoUsd]),
            PricedTokens = counts[Counters.PricedTokens],
            Priced = counts[Counters.Priced],
            Unpriced = counts[Counters.Unpriced],
            Estimated = counts[Counters.Estimated],
            MalformedEvents = counts[Counters.MalformedEvents],
            Slow = counts[Counters.Slow],
            StandbyProbes = counts[Counters.StandbyProbes],
            StandbyFailures = counts[Counters.StandbyFailures],
        };
    }

    /// <summary>Rounds, and drops the zeros that rounding leaves: a division takes the shortest form of what it divides exactly.</summary>
    private static decimal Round(decimal value, int decimals) => Math.Round(value, decimals) / 1.0000000000000000000000000000m;

    /// <param name="counts">The counters.</param>
    /// <param name="first">The place of <see cref="ErrorKind.None"/>, which is no error; the kinds follow.</param>
    private static List<ErrorFigure> ErrorsAt(long[] counts, int first)
    {
        // Asked for every endpoint of everything that is shown: what did not happen costs a look and no more.
        var found = new List<ErrorFigure>(0);
        for (var kind = 1; kind < ErrorTable.Count; kind++)
        {
            if (counts[first + kind] > 0)
            {
                found.Add(new ErrorFigure(ErrorTable.Of((ErrorKind)kind).Label, counts[first + kind]));
            }
        }

        return found;
    }

    private static List<EndpointFigures> EndpointsOf(long[] counts)
    {
        var all = new List<EndpointFigures>();
        foreach (var endpoint in MeteredEndpoints.All)
        {
            var successes = counts[Counters.Outcome(endpoint, ErrorKind.None)];
            var errors = ErrorsAt(counts, Counters.Outcome(endpoint, ErrorKind.None));
            if (successes > 0 || errors.Count > 0)
            {
                all.Add(new EndpointFigures(endpoint.Label(), errors.Aggregate(successes, (sum, error) => MeterSum.Add(sum, error.Count)), successes, errors));
            }
        }

        return all;
    }
}

/// <summary>How often one kind of error happened.</summary>
/// <param name="Kind">The kind's label, see docs/errors.md.</param>
/// <param name="Count">How often; at least 1.</param>
public sealed record ErrorFigure(string Kind, long Count);

/// <summary>What came for one endpoint.</summary>
/// <param name="Endpoint">The endpoint's label.</param>
/// <param name="Count">Requests of a model; attempts at a target. At least 1.</param>
/// <param name="Successes">Those that ended well.</param>
/// <param name="Errors">How often each kind of error ended one; only those that happened.</param>
public sealed record EndpointFigures(string Endpoint, long Count, long Successes, IReadOnlyList<ErrorFigure> Errors);
