using System.Diagnostics.Metrics;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Recording;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>
/// The instruments of the GenAI semantic conventions, with their bucket boundaries: client metrics are attempts at providers, server
/// metrics are requests as clients saw them. Nothing is measured while nobody listens. Labels are configured names only.
/// </summary>
internal static class GenAiMeter
{
    private static readonly double[] DurationBounds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] FirstTokenBounds = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] PerTokenBounds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
    private static readonly long[] TokenBounds = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private static readonly Meter Meter = new(GenAi.Scope, typeof(GenAiMeter).Assembly.GetName().Version!.ToString(3));

    private static readonly Histogram<double> OperationDuration = Seconds("gen_ai.client.operation.duration", "GenAI operation duration.", DurationBounds);
    private static readonly Histogram<double> FirstChunk = Seconds("gen_ai.client.operation.time_to_first_chunk", "Time to receive the first chunk of a stream.", DurationBounds);
    private static readonly Histogram<double> PerChunk = Seconds("gen_ai.client.operation.time_per_output_chunk", "Time between two chunks of a stream.", DurationBounds);
    private static readonly Histogram<double> RequestDuration = Seconds("gen_ai.server.request.duration", "Generative AI server request duration.", DurationBounds);
    private static readonly Histogram<double> FirstToken = Seconds("gen_ai.server.time_to_first_token", "Time to the first token of a successful stream.", FirstTokenBounds);
    private static readonly Histogram<double> PerToken = Seconds("gen_ai.server.time_per_output_token", "Time per output token after the first one of a successful stream.", PerTokenBounds);

    private static readonly Histogram<long> TokenUsage = Meter.CreateHistogram(
        "gen_ai.client.token.usage", "{token}", "Number of input and output tokens used.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = TokenBounds });

    /// <summary>Somebody listens.</summary>
    public static bool IsOn => RequestDuration.Enabled || OperationDuration.Enabled;

    /// <summary>Somebody listens to the times between chunks.</summary>
    public static bool CountsChunks => PerChunk.Enabled;

    /// <summary>Counts an admitted request and its attempts.</summary>
    /// <param name="request">Its record.</param>
    /// <param name="route">Its model.</param>
    /// <param name="cells">Where such requests are counted: names its model, or <c>_other</c>.</param>
    public static void Count(RequestRecord request, ModelRoute route, RequestCells cells)
    {
        var endpoint = KindOf(request.Endpoint);
        UpstreamTarget? last = null;
        for (var i = 0; i < request.Attempts.Count; i++)
        {
            var attempt = request.Attempts[i];
            if (route.Find(attempt.Target) is { } target)
            {
                CountAttempt(attempt, target.Tags.For(endpoint));
                last = target;
            }
        }

        var served = request.Target is { } name ? route.Find(name) ?? last : last;
        CountRequest(request, cells.Series(endpoint, served?.Tags.Provider ?? route.Targets[0].Tags.Provider));
    }

    /// <summary>Times between chunks, in microseconds. A chunk that came together with the one before has none: the two were one.</summary>
    public static void CountChunks(ReadOnlySpan<int> micros, KeyValuePair<string, object?>[] tags)
    {
        foreach (var gap in micros)
        {
            if (gap > 0)
            {
                PerChunk.Record(gap / 1e6, tags);
            }
        }
    }

    private static void CountAttempt(in AttemptRecord attempt, Series series)
    {
        OperationDuration.Record(attempt.Latency.TotalSeconds, series.Ended(attempt.Error));
        if (attempt.FirstToken is { } first)
        {
            FirstChunk.Record(first.TotalSeconds, series.Tags);
        }

        // The conventions ask for what the provider has told; an estimate is none of it.
        if (attempt.Usage is { Estimated: false } usage)
        {
            TokenUsage.Record(usage.TotalInput, series.Input);
            TokenUsage.Record(usage.TotalOutput, series.Output);
        }
    }

    private static void CountRequest(RequestRecord request, Series series)
    {
        RequestDuration.Record(request.Latency.TotalSeconds, series.Ended(request.Error));
        if (request.Error != ErrorKind.None || request.FirstToken is not { } first)
        {
            return;
        }

        FirstToken.Record(first.TotalSeconds, series.Tags);
        if (request.Usage is { Estimated: false, TotalOutput: > 1 and var tokens })
        {
            PerToken.Record((request.Latency - first).TotalSeconds / (tokens - 1), series.Tags);
        }
    }

    private static EndpointKind KindOf(string endpoint) => endpoint switch
    {
        "embeddings" => EndpointKind.Embeddings,
        "messages.count_tokens" => EndpointKind.CountTokens,
        _ => EndpointKind.Chat,
    };

    private static Histogram<double> Seconds(string name, string description, double[] bounds) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
