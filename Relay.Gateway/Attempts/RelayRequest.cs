using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Relay.Core.Cost;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;
using Relay.Gateway.Recording;
using Relay.Gateway.Rescue;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry.Tracing;
using Relay.Gateway.Upstream;

namespace Relay.Gateway.Attempts;

/// <summary>What an endpoint serves.</summary>
internal enum EndpointKind
{
    /// <summary>Chat completions.</summary>
    Chat,

    /// <summary>Embeddings.</summary>
    Embeddings,

    /// <summary>Anthropic's count of a request's tokens, which generates nothing.</summary>
    CountTokens,
}

/// <summary>One admitted request on its way through the pipeline.</summary>
internal sealed class RelayRequest
{
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private ChatForm? _chat;

    /// <summary>It as a chat completions request, where that was needed to read it.</summary>
    public ChatForm? Chat { init => _chat = value; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Which endpoint it came to.</summary>
    public required EndpointKind Endpoint { get; init; }

    /// <summary>When it arrived, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it arrived, on the monotonic clock.</summary>
    public required TimeSpan Started { get; init; }

    /// <summary>The name of its key, or null.</summary>
    public string? Key { get; init; }

    /// <summary>The traceparent that came with it, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The tracestate that came with it, or null.</summary>
    public string? TraceState { get; init; }

    /// <summary>Where the client reached Relay; null where nobody asks.</summary>
    public IPEndPoint? ServedAt { get; init; }

    /// <summary>Its span; null unless it is sampled.</summary>
    public Activity? Activity { get; set; }

    /// <summary>The trace that it belongs to although it is not sampled; nothing where it is, or nobody listens.</summary>
    public UnsampledTrace Unsampled { get; set; }

    /// <summary>Its spans, for what they tell; null unless it is sampled.</summary>
    public RequestSpans? Spans { get; set; }

    /// <summary>The anthropic-version header that came with it: what passes through keeps it; or null.</summary>
    public string? AnthropicVersion { get; init; }

    /// <summary>The anthropic-beta header that came with it, for providers that speak the same; or null.</summary>
    public string? AnthropicBeta { get; init; }

    /// <summary>The id of its trace: its span's, else that which it has without one, else that in the client's traceparent (W3C Trace Context: version-traceid-parentid-flags), or null.</summary>
    public string? TraceId => Activity is { } activity ? activity.TraceId.ToHexString()
        : Unsampled.Id is { } unsampled ? unsampled
        : TraceParent is { Length: >= 55 } parent && parent[2] == '-' && parent[35] == '-' && parent.AsSpan(3, 32).IndexOfAnyExcept(LowerHex) < 0 ? parent[3..35]
        : null;

    /// <summary>What the scan found in its body.</summary>
    public required RequestScan Scan { get; init; }

    /// <summary>The form that the client uses; null for OpenAI's chat completions and embeddings.</summary>
    public ClientForm? Form { get; init; }

    /// <summary>Fields that could not be carried over to the target.</summary>
    public required DroppedFields Dropped { get; init; }

    /// <summary>Its body.</summary>
    public required PooledBody Body { get; init; }

    /// <summary>The model it asks for.</summary>
    public required ModelRoute Route { get; init; }

    /// <summary>The limits on what is read for it.</summary>
    public required LimitOptions Limits { get; init; }

    /// <summary>Where its answer goes.</summary>
    public required AnswerWriter Answer { get; init; }

    /// <summary>When its total limit passes.</summary>
    public required TimeSpan TotalAt { get; init; }

    /// <summary>When the client's own deadline passes; MaxValue for none.</summary>
    public required TimeSpan ClientDeadlineAt { get; init; }

    /// <summary>No target is asked twice.</summary>
    public bool NoRetry { get; init; }

    /// <summary>Stands for its conversation: equal for requests that begin alike. Null where its model has no affinity, or nothing tells.</summary>
    public ulong? AffinityHash { get; init; }

    /// <summary>What its record is tagged with.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>What was sent of its stream, kept for a rescue; null where none may be.</summary>
    public SentAnswer? Sent { get; init; }

    /// <summary>Its stream broke, and another target is to go on.</summary>
    public bool IsRescue => Sent is { IsBroken: true };

    /// <summary>Its attempts so far.</summary>
    public List<AttemptRecord> Attempts { get; } = new(2);

    /// <summary>A target whose breaker kept it away, when it is the first since that breaker opened; else null.</summary>
    public string? PassedOver { get; set; }

    /// <summary>How fast its attempts are.</summary>
    public SpeedWatch Speed { get; } = new();

    /// <summary>Time spent waiting for others: the client's body, providers, back-offs.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Its client was slow to take what was written.</summary>
    public void WaitedForClient(TimeSpan time)
    {
        Waited += time;
        Speed.Pause(time);
    }

    /// <summary>From its arrival to the first generated token.</summary>
    public TimeSpan? FirstToken { get; set; }

    /// <summary>Cancelled when the client goes away.</summary>
    public CancellationToken ClientGone => Answer.Gone;

    /// <summary>It as a chat completions request, translated at most once; null with an error when it cannot be.</summary>
    public ChatForm? TryGetChat(out RelayError? error)
    {
        error = null;
        return _chat ??= Form is null ? new ChatForm(Body.Memory, Scan) : ChatForm.Of(Form, Body.Memory, Dropped, out error);
    }

    /// <summary>The head of its answer, as of now.</summary>
    public AnswerHead HeadFor(UpstreamTarget? target, HttpResponseMessage? upstream, NanoUsd? cost)
    {
        // The attempt under way is not in the list yet when a stream begins.
        var attempts = Attempts.Count + (upstream is not null && !Settled ? 1 : 0);
        return new(Id, target?.FullName, attempts, cost, Overhead(Monotonic.Now(Time)), upstream, Dropped.Names);
    }

    /// <summary>What Relay itself has added: all time that it did not spend waiting for others.</summary>
    public TimeSpan Overhead(TimeSpan now)
    {
        var own = now - Started - Waited;
        return own > TimeSpan.Zero ? own : TimeSpan.Zero;
    }

    /// <summary>All its attempts are in <see cref="Attempts"/>.</summary>
    public bool Settled { get; set; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What is left of its time.</summary>
    public TimeSpan TimeLeft(TimeSpan now) => (TotalAt < ClientDeadlineAt ? TotalAt : ClientDeadlineAt) - now;
}
