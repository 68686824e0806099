using Relay.Simulation.Client;

namespace Relay.Simulation.Provider;

/// <summary>One request on its way to a provider, as the world sees it.</summary>
internal sealed class UpstreamAttempt
{
    /// <summary>Whose it is.</summary>
    public required SimRequest Request { get; init; }

    /// <summary>The gateway's number.</summary>
    public required int Gateway { get; init; }

    /// <summary>Where it goes.</summary>
    public required SimTarget Target { get; init; }

    /// <summary>What it meets.</summary>
    public required FaultKind Fault { get; init; }

    /// <summary>When it began.</summary>
    public required TimeSpan Began { get; init; }

    /// <summary>The client had a part of its answer by then.</summary>
    public required bool AfterCommit { get; init; }

    /// <summary>Bytes that the client had by then.</summary>
    public required int BytesBefore { get; init; }

    /// <summary>What was asked; null when the provider read nothing.</summary>
    public Asked? Asked { get; set; }

    /// <summary>The tokens that the answer's usage reports; null when none is sent.</summary>
    public int? ReportedTokens { get; set; }

    /// <summary>The target refused an assistant's message at the end, or any request with a 400: that tells a gateway the same.</summary>
    public bool RefusedPrefill { get; set; }

    /// <summary>Neither failed nor let go of yet.</summary>
    public bool IsOpen { get; set; } = true;
}
