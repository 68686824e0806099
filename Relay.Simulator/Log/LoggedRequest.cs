using System.Text;

namespace Relay.Simulator;

/// <summary>How a request ended, as the simulator saw it.</summary>
public enum RequestEnding
{
    /// <summary>Not yet.</summary>
    InProgress,

    /// <summary>Answered in full; an error answer counts too when no fault asked for it.</summary>
    Completed,

    /// <summary>The client left before the end.</summary>
    ClientAborted,

    /// <summary>The simulator broke it: by a scripted fault, by being unplugged or by being stopped.</summary>
    Faulted,
}

/// <summary>One request that arrived. What it says of the end (and words) grows while it runs; the rest never changes.</summary>
public sealed class LoggedRequest
{
    private volatile int _status;
    private volatile int _wordsSent;
    private volatile RequestEnding _ending;
    private long _endedTicks = -1;

    /// <summary>1 for the first request since the log began or was cleared.</summary>
    public long Sequence { get; internal set; }

    /// <summary>When it arrived, since the simulator started, by its monotonic clock.</summary>
    public required TimeSpan ArrivedAt { get; init; }

    /// <summary>The path, such as <c>/v1/chat/completions</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The protocol, such as <c>HTTP/1.1</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The connection it came over.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>The model asked for; null where the request named none.</summary>
    public string? Model { get; init; }

    /// <summary>True when a stream was asked for.</summary>
    public bool Stream { get; init; }

    /// <summary>True when a credential was sent, in the header (or query) of the request's dialect. Its value is never kept.</summary>
    public bool HasAuthorization { get; init; }

    /// <summary>The anthropic-beta header.</summary>
    public string? AnthropicBeta { get; init; }

    /// <summary>The traceparent header.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The x-client-request-id header.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The Idempotency-Key header.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The first bytes of the body, up to <see cref="SimulatorOptions.LogBodyBytes"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body's whole length in bytes.</summary>
    public int BodyLength { get; init; }

    /// <summary>The fault that was applied, in its text form; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>The answer's status; 0 before there is one.</summary>
    public int Status { get => _status; internal set => _status = value; }

    /// <summary>Words (tokens) of the first choice handed to the network so far.</summary>
    public int WordsSent { get => _wordsSent; internal set => _wordsSent = value; }

    /// <summary>How it ended.</summary>
    public RequestEnding Ending => _ending;

    /// <summary>When it ended, as <see cref="ArrivedAt"/>; null before.</summary>
    public TimeSpan? EndedAt => Interlocked.Read(ref _endedTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary><see cref="Body"/> as text.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    internal void End(RequestEnding ending, TimeSpan at)
    {
        Interlocked.Exchange(ref _endedTicks, at.Ticks);
        _ending = ending;
    }
}
