using Relay.Core.Cost;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Recording;
using Relay.Silo.Grains;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>The cumulative figures of the requests of one model that ended at one target. Thread-safe without a lock.</summary>
internal sealed class RequestCells(string model, string target)
{
    /// <summary>The endpoints that are told apart.</summary>
    public static readonly string[] Endpoints = ["chat.completions", "embeddings", "messages", "responses", "_other"];

    /// <summary>The statuses that are told apart, the last one for any other.</summary>
    public static readonly string[] Statuses = [.. ErrorTable.All.Select(r => r.HttpStatus.ToString()).Distinct().Order(StringComparer.Ordinal), "_other"];

    private readonly long[] _requests = new long[Endpoints.Length * Statuses.Length];
    private readonly long[] _tokens = new long[TokenCategories.Count];
    private readonly long[] _errors = new long[ErrorTable.Count];
    private readonly Series?[] _series = new Series?[3];
    private long _costNanoUsd;

    /// <summary>The model's name.</summary>
    public string Model => model;

    /// <summary>The target's name, <c>none</c> where no attempt was made.</summary>
    public string Target => target;

    /// <summary>From arrival to the last byte.</summary>
    public MetricHistogram Duration { get; } = new(MetricBounds.Duration);

    /// <summary>From arrival to the first token.</summary>
    public MetricHistogram FirstToken { get; } = new(MetricBounds.FirstToken);

    /// <summary>Between tokens.</summary>
    public MetricHistogram InterToken { get; } = new(MetricBounds.InterToken);

    /// <summary>Output tokens per second after the first one, in the units of <see cref="TokenRate"/>.</summary>
    public MetricHistogram TokensPerSecond { get; } = new(MetricBounds.TokensPerSecond);

    /// <summary>Requests by endpoint and status.</summary>
    public long Requests(int endpoint, int status) => Volatile.Read(ref _requests[(endpoint * Statuses.Length) + status]);

    /// <summary>Tokens of a category.</summary>
    public long Tokens(TokenCategory category) => Volatile.Read(ref _tokens[(int)category]);

    /// <summary>Errors of a kind.</summary>
    public long Errors(ErrorKind kind) => Volatile.Read(ref _errors[(int)kind]);

    /// <summary>Cost in 1e-9 USD.</summary>
    public long CostNanoUsd => Volatile.Read(ref _costNanoUsd);

    /// <summary>Counts a request.</summary>
    public void Count(RequestRecord request)
    {
        var endpoint = Array.IndexOf(Endpoints, request.Endpoint) is var index and >= 0 ? index : Endpoints.Length - 1;
        Interlocked.Increment(ref _requests[(endpoint * Statuses.Length) + StatusIndex(request.HttpStatus)]);
        Duration.Observe((long)request.Latency.TotalMicroseconds);
        if (request.FirstToken is { } first)
        {
            FirstToken.Observe((long)first.TotalMicroseconds);
        }

        if (request.Error != ErrorKind.None)
        {
            Interlocked.Increment(ref _errors[(int)request.Error]);
        }

        if (request.Usage is { } usage)
        {
            CountUsage(request, usage);
        }
    }

    /// <summary>The tags of its requests to an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="provider">What kind of provider its target is at.</param>
    public Series Series(EndpointKind endpoint, string provider)
    {
        var series = _series[(int)endpoint];
        return series?.Provider == provider ? series : _series[(int)endpoint] = new(
            provider, [new(GenAi.OperationName, GenAi.OperationOf(endpoint)), new(GenAi.ProviderName, provider), new(GenAi.RequestModel, model)]);
    }

    private void CountUsage(RequestRecord request, in Usage usage)
    {
        foreach (var category in TokenCategories.All)
        {
            if (usage[category] is > 0 and var tokens)
            {
                Interlocked.Add(ref _tokens[(int)category], tokens);
            }
        }

        if (request.Cost is { } cost)
        {
            Interlocked.Add(ref _costNanoUsd, cost.Nanos);
        }

        if (TokenRate.Of(usage.TotalOutput, request.Latency, request.FirstToken) is { } rate)
        {
            TokensPerSecond.Observe(rate);
        }
    }

    private static int StatusIndex(int status)
    {
        for (var i = 0; i < StatusNumbers.Length; i++)
        {
            if (StatusNumbers[i] == status)
            {
                return i;
            }
        }

        return Statuses.Length - 1;
    }

    private static readonly int[] StatusNumbers = [.. Statuses[..^1].Select(int.Parse)];
}
