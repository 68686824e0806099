using Google.Protobuf.WellKnownTypes;
using Relay.Api.Stats;
using Relay.Core.Cost;

namespace Relay.Api.Grpc;

/// <summary>Figures as messages of stats.proto. They are the figures of <see cref="Http.StatsJson"/>, field by field; a test holds the two together.</summary>
internal static class FiguresProto
{
    /// <summary>A model.</summary>
    public static V1.ModelFigures Of(ModelFigures model) => new()
    {
        Model = model.Model,
        Strategy = model.Strategy,
        Requests = Of(model.Requests),
        Targets = { model.Targets.Select(Of) },
    };

    /// <summary>A target and who uses it.</summary>
    public static V1.TargetUse Of(TargetUse use) => new() { Figures = Of(use.Figures), Models = { use.Models } };

    /// <summary>A target.</summary>
    public static V1.TargetFigures Of(TargetFigures target) => new()
    {
        Target = target.Target,
        Attempts = Of(target.Attempts),
        Breaker = Of(target.Breaker),
        StandbyProbes = target.Attempts.StandbyProbes,
        StandbyFailures = target.Attempts.StandbyFailures,
    };

    /// <summary>What is known of requests or attempts.</summary>
    public static V1.Figures Of(MeterFigures meter)
    {
        var figures = new V1.Figures
        {
            Count = meter.Count,
            Successes = meter.Successes,
            Streams = meter.Streams,
            Attempts = meter.Attempts,
            Retries = meter.Retries,
            Failovers = meter.Failovers,
            Rescues = meter.Rescues,
            Active = meter.Active,
            LatencyMs = Of(meter.Latency),
            FirstTokenMs = Of(meter.FirstToken),
            InterTokenMs = Of(meter.InterToken),
            TokensPerSecond = Of(meter.TokensPerSecond),
            Tokens = Tokens(meter),
            PricedTokens = meter.PricedTokens,
            Priced = meter.Priced,
            Unpriced = meter.Unpriced,
            Estimated = meter.Estimated,
            WastedTokens = meter.WastedTokens,
            WastedCostNanoUsd = meter.WastedCost.Nanos,
            MalformedEvents = meter.MalformedEvents,
            Slow = meter.Slow,
        };
        SetOptional(figures, meter);
        foreach (var error in meter.Errors)
        {
            figures.Errors[error.Kind] = error.Count;
        }

        foreach (var endpoint in meter.Endpoints)
        {
            figures.Endpoints[endpoint.Endpoint] = Of(endpoint);
        }

        return figures;
    }

    /// <summary>A breaker; null when there is none.</summary>
    public static V1.Breaker? Of(BreakerFigures? breaker) => breaker is null ? null : new()
    {
        State = State(breaker.State),
        Reason = breaker.Reason,
        Since = Timestamp.FromDateTimeOffset(breaker.Since),
        OpenUntil = breaker.OpenUntil is { } until ? Timestamp.FromDateTimeOffset(until) : null,
        Opened = breaker.Opened,
        Force = breaker.Force switch
        {
            "open" => V1.BreakerForce.Open,
            "closed" => V1.BreakerForce.Closed,
            _ => V1.BreakerForce.Unspecified,
        },
    };

    /// <summary>The state of a word.</summary>
    public static V1.BreakerState State(string word) => word switch
    {
        "closed" => V1.BreakerState.Closed,
        "ramping" => V1.BreakerState.Ramping,
        "half_open" => V1.BreakerState.HalfOpen,
        "open" => V1.BreakerState.Open,
        _ => V1.BreakerState.Unspecified,
    };

    private static void SetOptional(V1.Figures figures, MeterFigures meter)
    {
        if (meter.SuccessRate is { } rate)
        {
            figures.SuccessRate = (double)rate;
        }

        if (meter.Cost is { } cost)
        {
            figures.CostNanoUsd = cost.Nanos;
        }

        if (meter.CostPer1000TokensUsd is { } per1000)
        {
            figures.CostPer1000TokensUsd = (double)per1000;
        }

        if (meter.TokensPerUsd is { } perUsd)
        {
            figures.TokensPerUsd = (double)perUsd;
        }
    }

    private static V1.EndpointFigures Of(EndpointFigures endpoint)
    {
        var figures = new V1.EndpointFigures { Count = endpoint.Count, Successes = endpoint.Successes };
        foreach (var error in endpoint.Errors)
        {
            figures.Errors[error.Kind] = error.Count;
        }

        return figures;
    }

    private static V1.Distribution? Of(DistributionFigures? distribution) => distribution is null ? null : new()
    {
        P50 = (double)distribution.P50,
        P90 = (double)distribution.P90,
        P95 = (double)distribution.P95,
        P99 = (double)distribution.P99,
        Avg = (double)distribution.Avg,
        Min = (double)distribution.Min,
        Max = (double)distribution.Max,
    };

    private static V1.Tokens Tokens(MeterFigures meter) => new()
    {
        Input = meter.Tokens[(int)TokenCategory.Input],
        CachedInput = meter.Tokens[(int)TokenCategory.CachedInput],
        CacheWrite5M = meter.Tokens[(int)TokenCategory.CacheWrite5m],
        CacheWrite1H = meter.Tokens[(int)TokenCategory.CacheWrite1h],
        Output = meter.Tokens[(int)TokenCategory.Output],
        Reasoning = meter.Tokens[(int)TokenCategory.Reasoning],
        AudioInput = meter.Tokens[(int)TokenCategory.AudioInput],
        AudioOutput = meter.Tokens[(int)TokenCategory.AudioOutput],
        Total = meter.TotalTokens,
    };
}
