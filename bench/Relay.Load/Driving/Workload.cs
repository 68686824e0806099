using System.Net;
using Relay.Load.Http;

namespace Relay.Load.Driving;

/// <summary>What is sent, and what a right answer looks like.</summary>
internal sealed record Workload
{
    /// <summary>Where to.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>Requests on the wire; sent in turn.</summary>
    public required byte[][] Requests { get; init; }

    /// <summary>The answers are streams.</summary>
    public bool Stream { get; init; }

    /// <summary>Bytes of a right body; 0: not checked.</summary>
    public long Bytes { get; init; }

    /// <summary>Events with generated text in a right stream; 0: not checked.</summary>
    public int Deltas { get; init; }

    /// <summary>What is wrong with an answer, as a short reason; null for a right one.</summary>
    public string? Fault(in Exchange exchange, SseGauge gauge)
    {
        if (exchange.Status != 200)
        {
            return $"status {exchange.Status}";
        }

        if (Bytes > 0 && exchange.Bytes != Bytes)
        {
            return $"{exchange.Bytes} bytes instead of {Bytes}";
        }

        if (!Stream)
        {
            return null;
        }

        return gauge.Errors > 0 ? "error event"
            : Deltas > 0 && gauge.Deltas != Deltas ? $"{gauge.Deltas} chunks instead of {Deltas}"
            : gauge.Done ? null
            : "no [DONE]";
    }
}
