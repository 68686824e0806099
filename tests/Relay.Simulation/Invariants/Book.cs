using Relay.Core.Breaker;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.Simulation.Client;
using Relay.Simulation.Gateways;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>What the referee has seen of one request.</summary>
/// <param name="client">Its client.</param>
internal sealed class Book(SimClient client)
{
    /// <summary>Its client.</summary>
    public SimClient Client { get; } = client;

    /// <summary>Its plan.</summary>
    public SimRequest Request => Client.Request;

    /// <summary>Its number.</summary>
    public int Index => Client.Request.Index;

    /// <summary>The configuration that it is served from; null until it is let in.</summary>
    public RelayConfig? Config { get; set; }

    /// <summary>Its model there.</summary>
    public ModelOptions Model => Config!.Models[Request.Model];

    /// <summary>It was turned away at the door.</summary>
    public bool IsRejected { get; set; }

    /// <summary>Its attempts, as providers saw them.</summary>
    public List<UpstreamAttempt> Attempts { get; } = [];

    /// <summary>Its records.</summary>
    public List<RequestRecord> Records { get; } = [];

    /// <summary>Targets that it was let in to, with the lease that it got.</summary>
    public List<(Place Place, ProbeLease Lease)> Entries { get; } = [];

    /// <summary>Retries that it took from budgets and kept.</summary>
    public List<Place> Retries { get; } = [];

    /// <summary>What the client got so far.</summary>
    public SeenAnswer Seen() => SeenAnswer.Read(Client.Bytes.Span, Request.Stream);
}

/// <summary>Something that must not be.</summary>
/// <param name="Invariant">The name of the invariant.</param>
/// <param name="At">Virtual time since the start.</param>
/// <param name="Request">The request's number; -1 for none.</param>
/// <param name="What">What was seen.</param>
internal sealed record Violation(string Invariant, TimeSpan At, int Request, string What);
