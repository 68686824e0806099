using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Telemetry.Tracing;

/// <summary>
/// Spans: one SERVER span for each request, one CLIENT span for each attempt under it (docs/telemetry.md). Without a listener there is
/// none, and a request costs one look at a field; one that is not sampled has a trace id and nothing else.
/// </summary>
internal static class RelayTracing
{
    private const int MaxTraceParent = 128;
    private const int MaxTraceState = 512;

    private static readonly ActivitySource Source = new(GenAi.Scope, typeof(RelayTracing).Assembly.GetName().Version!.ToString(3));

    /// <summary>Somebody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The traceparent that came with a request (W3C Trace Context): one, of at most 128 characters; else null.</summary>
    public static string? ParentOf(IHeaderDictionary headers) => headers.TraceParent is [{ Length: <= MaxTraceParent } parent] ? parent : null;

    /// <summary>The tracestate that came with a request: one, of at most 512 characters; else null.</summary>
    public static string? StateOf(IHeaderDictionary headers) => headers.TraceState is [{ Length: <= MaxTraceState } state] ? state : null;

    /// <summary>Where the client reached Relay; null while nobody listens.</summary>
    public static IPEndPoint? ServedAt(ConnectionInfo connection) =>
        IsOn && connection.LocalIpAddress is { } address ? new(address, connection.LocalPort) : null;

    /// <summary>Starts the span of a request at the time of its arrival.</summary>
    /// <param name="request">The request, whose model is known.</param>
    /// <param name="capturesContent">Its messages and its answer become a part of the span.</param>
    public static void Start(RelayRequest request, bool capturesContent)
    {
        if (!IsOn)
        {
            return;
        }

        if (Create(request.Route.SpanOf(request.Endpoint), request.TraceParent, request.TraceState, out var parent) is { } activity)
        {
            Start(activity, request.StartedAt);
            request.Activity = activity;
            request.Spans = new(activity, request, capturesContent);
        }
        else
        {
            var id = parent.TraceId == default ? ActivityTraceId.CreateRandom() : parent.TraceId;
            request.Unsampled = new(id.ToHexString(), parent.TraceState);
        }
    }

    /// <summary>Ends it.</summary>
    public static void Stop(RelayRequest request)
    {
        if (request is { Spans: { } spans, Activity: { } activity })
        {
            spans.EndAttempt();
            spans.AddContent();
            activity.SetEndTime(request.Time.GetUtcNow().UtcDateTime);
            activity.Stop();
        }
    }

    /// <summary>The span of a request that was turned away before it had a model.</summary>
    /// <param name="arrival">The request.</param>
    /// <param name="error">Why.</param>
    /// <param name="now">The monotonic time.</param>
    public static void Reject(in Arrival arrival, RelayError error, TimeSpan now)
    {
        if (!IsOn || Create(GenAi.OperationOf(arrival.Endpoint), arrival.TraceParent, arrival.TraceState, out _) is not { } activity)
        {
            return;
        }

        Start(activity, arrival.StartedAt);
        activity.SetTag(GenAi.OperationName, GenAi.OperationOf(arrival.Endpoint));
        activity.SetTag(GenAi.ErrorType, error.Kind.Label());
        activity.SetTag(GenAi.HttpStatus, error.Status);
        activity.SetTag(GenAi.RequestId, arrival.Id);
        activity.SetStatus(error.Row.BurnsSlo ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        activity.SetEndTime((arrival.StartedAt + (now - arrival.At)).UtcDateTime);
        activity.Stop();
    }

    /// <summary>Starts the span of an attempt.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="request">The request's span.</param>
    /// <param name="at">When it starts.</param>
    public static Activity? StartAttempt(string name, Activity request, DateTimeOffset at) =>
        Source.StartActivity(name, ActivityKind.Client, request.Context, tags: null, links: null, at);

    /// <summary>Tells a provider which trace a request belongs to: the attempt's own span; a span that nobody keeps where it is not sampled; what the client said where nobody listens.</summary>
    public static void Inject(HttpRequestHeaders headers, RelayRequest request)
    {
        var (parent, state) =
            request.Spans is { } spans ? ((spans.Attempt ?? request.Activity!).Id, request.Activity!.TraceStateString)
            : request.Unsampled.Id is { } id ? ($"00-{id}-{ActivitySpanId.CreateRandom().ToHexString()}-00", request.Unsampled.State)
            : (request.TraceParent, request.TraceState);
        if (parent is not null)
        {
            headers.TryAddWithoutValidation("traceparent", parent);
            if (state is not null)
            {
                headers.TryAddWithoutValidation("tracestate", state);
            }
        }
    }

    /// <summary>The activity of a request that is sampled, not started yet; otherwise null.</summary>
    private static Activity? Create(string name, string? traceParent, string? traceState, out ActivityContext parent)
    {
        // What is no valid traceparent starts a new trace, as W3C has it, and its tracestate means nothing.
        _ = ActivityContext.TryParse(traceParent, traceState, isRemote: true, out parent);
        return Source.CreateActivity(name, ActivityKind.Server, parent) is { IsAllDataRequested: true } activity ? activity : null;
    }

    private static void Start(Activity activity, DateTimeOffset at) => activity.SetStartTime(at.UtcDateTime).Start();
}

/// <summary>The trace of a request that has no span.</summary>
/// <param name="Id">Its id, 32 hexadecimal digits; null for none.</param>
/// <param name="State">Its tracestate; null for none.</param>
internal readonly record struct UnsampledTrace(string? Id, string? State);
