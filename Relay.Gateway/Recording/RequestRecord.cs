using System.Collections.Immutable;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Errors;

namespace Relay.Gateway.Recording;

/// <summary>One try of one request at one target, as the record keeps it.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Error">How it ended; None for an answer.</param>
/// <param name="Verdict">What it says about the target.</param>
/// <param name="HttpStatus">The provider's status; 0 when none came.</param>
/// <param name="IsRetry">It repeated an attempt at the same target.</param>
/// <param name="Streamed">It was a stream.</param>
/// <param name="Latency">From its start to its end.</param>
/// <param name="FirstToken">From its start to the first generated token; null for plain answers and when none came.</param>
/// <param name="Usage">The tokens it used; null when it used none that are known of.</param>
/// <param name="Cost">Their cost; null when there is no usage or no price.</param>
/// <param name="MalformedEvents">Events of its stream that could not be read.</param>
/// <param name="Billed">The client got something of it: its cost is the client's. All else is waste.</param>
/// <param name="IsRescue">It went on with a stream that had broken.</param>
/// <param name="IsSlow">It was slower than its target usually is, or than it may be; its verdict is Failure for that, whatever came of it.</param>
public readonly record struct AttemptRecord(
    string Target,
    ErrorKind Error,
    Verdict Verdict,
    int HttpStatus,
    bool IsRetry,
    bool Streamed,
    TimeSpan Latency,
    TimeSpan? FirstToken,
    Usage? Usage,
    NanoUsd? Cost,
    int MalformedEvents,
    bool Billed = false,
    bool IsRescue = false,
    bool IsSlow = false)
{
    /// <summary>The name of the provider's credential that it was sent with; null where none was.</summary>
    public string? Credential { get; init; }

    /// <summary>From the request's arrival to the attempt's start.</summary>
    public TimeSpan StartedAfter { get; init; }
}

/// <summary>The one row that an admitted request leaves.</summary>
public sealed record RequestRecord
{
    /// <summary>The id that the client sees in <c>x-relay-request-id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>The trace id of the W3C traceparent that came with it: 32 hexadecimal digits; null when none came.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it arrived, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The name of the key, or null where none is configured.</summary>
    public string? Key { get; init; }

    /// <summary>The configured model that served it: the name that the client asked for, or the wildcard that this name matched.</summary>
    public required string Model { get; init; }

    /// <summary>The name that the client asked for; 1 to 200 characters.</summary>
    public string AskedModel { get => field ?? Model; init; }

    /// <summary>What the client tagged it with: at most 8, the names unique, of 1 to 32 characters, the values of 1 to 64.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary><c>chat.completions</c> or <c>embeddings</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How it was asked: <c>http</c> or <c>grpc</c>.</summary>
    public string Protocol { get; init; } = "http";

    /// <summary>It was a stream.</summary>
    public bool Streamed { get; init; }

    /// <summary>How it ended for the client; None for an answer.</summary>
    public ErrorKind Error { get; init; }

    /// <summary>The HTTP status that the client saw; 200 for a stream that broke later. Over gRPC, that of the same answer over HTTP.</summary>
    public int HttpStatus { get; init; }

    /// <summary>The target that answered, or that was tried last; null when none was.</summary>
    public string? Target { get; init; }

    /// <summary>All attempts in order.</summary>
    public required IReadOnlyList<AttemptRecord> Attempts { get; init; }

    /// <summary>A target whose breaker kept the request away, when it was the first since that breaker opened; null for all others.</summary>
    public string? PassedOver { get; init; }

    /// <summary>Its stream broke, and another target went on with it to its end.</summary>
    public bool Rescued { get; init; }

    /// <summary>From its arrival to the last byte being ready for the client.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>From its arrival to the first generated token; null for plain answers and when none came.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>The part of the latency that Relay itself added.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>The tokens of the answer that the client got, or of what it got of it: the sum over its billed attempts.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Their cost; null when there is no usage or no price.</summary>
    public NanoUsd? Cost { get; init; }
}
