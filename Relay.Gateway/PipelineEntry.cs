using System.Net;
using Relay.Gateway.Attempts;
using Relay.Gateway.Auth;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Gateway.Routing;
using Relay.Gateway.Upstream;

namespace Relay.Gateway;

/// <summary>What is known of a request before anything was read of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartedAt">When it arrived, UTC.</param>
/// <param name="At">When it arrived, on the monotonic clock.</param>
internal readonly record struct Arrival(string Id, DateTimeOffset StartedAt, TimeSpan At)
{
    /// <summary>What it came to.</summary>
    public EndpointKind Endpoint { get; init; }

    /// <summary>The traceparent that came with it, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The tracestate that came with it, or null.</summary>
    public string? TraceState { get; init; }

    /// <summary>Where its client reached Relay; null while nobody listens to spans.</summary>
    public IPEndPoint? ServedAt { get; init; }
}

/// <summary>A request at the pipeline's door.</summary>
/// <param name="Arrival">When it came.</param>
/// <param name="Table">What it is served from.</param>
/// <param name="Key">Its key; null where none is configured, and of one that was refused.</param>
/// <param name="IsInside">It was let in, and takes a place among the concurrent requests.</param>
internal readonly record struct PipelineEntry(Arrival Arrival, RoutingTable Table, KnownKey? Key, bool IsInside);

/// <summary>What was read of a request that was let in.</summary>
/// <param name="Endpoint">What it asks for.</param>
/// <param name="Body">Its body; null with an error.</param>
/// <param name="Scan">What the scan found in it; null with an error.</param>
/// <param name="Error">Why it cannot be served; otherwise null.</param>
internal readonly record struct ReadRequest(EndpointKind Endpoint, PooledBody? Body, RequestScan? Scan, RelayError? Error)
{
    /// <summary>The form of its body; null for OpenAI's.</summary>
    public ClientForm? Form { get; init; }

    /// <summary>It as a chat completions request, where that was needed to read it.</summary>
    public ChatForm? Chat { get; init; }

    /// <summary>What of it cannot be carried over.</summary>
    public required DroppedFields Dropped { get; init; }

    /// <summary>How long its client took to send it.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>The deadline of its call, from its arrival; null for none. HTTP has none beside the header.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>When the client's own deadline passes: the earlier of its call's and that of its header.</summary>
    public TimeSpan DeadlineAt(in Arrival arrival, TimeSpan? header) =>
        (Timeout, header) switch
        {
            (null, null) => TimeSpan.MaxValue,
            ({ } call, { } said) => arrival.At + (call < said ? call : said),
            var (call, said) => arrival.At + (call ?? said!.Value),
        };
}
