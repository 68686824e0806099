using Relay.Core.Cost;
using Relay.Core.Routing;
using Relay.Gateway.Config;
using Relay.Gateway.Fit;
using Relay.Gateway.Recording;
using Relay.Gateway.Upstream;
using Relay.Gateway.Upstream.Credentials;

namespace Relay.Gateway.Routing;

/// <summary>A target as one model uses it: immutable, with a reference to its run-time state.</summary>
/// <param name="Name"><c>provider/upstream-model</c>.</param>
/// <param name="Options">As configured.</param>
/// <param name="ModelJson">The upstream model's name as JSON string.</param>
/// <param name="Client">The way to its provider.</param>
/// <param name="Wire">Where its requests go, and in what form.</param>
/// <param name="Capabilities">What it can do; null when nothing is known.</param>
/// <param name="Parameters">What becomes of the fields of its requests; null for nothing.</param>
/// <param name="Price">Its price, or null when none is known.</param>
/// <param name="State">What this gateway knows of it at run time.</param>
internal sealed record UpstreamTarget(
    string Name,
    TargetOptions Options,
    ReadOnlyMemory<byte> ModelJson,
    ProviderClient Client,
    TargetWire Wire,
    CapabilityOptions? Capabilities,
    ParameterPlan? Parameters,
    Price? Price,
    TargetState State)
{
    /// <summary>An answer came: it may tell how much its provider will take.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="credential">What its request was sent with.</param>
    /// <param name="sent">When its request was sent, on the monotonic clock.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="utcNow">The wall clock.</param>
    public LimitsTold SeeLimits(HttpResponseMessage answer, in CredentialLease credential, TimeSpan sent, TimeSpan now, DateTimeOffset utcNow)
    {
        var options = Client.Options.RateLimits;
        if (!options.Enabled)
        {
            return LimitsTold.Nothing;
        }

        // Limits are those of the credential: while another one takes requests, the target does.
        var told = RateLimitHeaders.Read(answer.Headers, options.MinRequests, options.MinTokens, utcNow);
        if (told.IsReached && answer.IsSuccessStatusCode)
        {
            credential.Rest(told.Reset < options.ResetMax ? told.Reset : options.ResetMax, now);
        }

        State.Limits.See(told with { IsReached = told.IsReached && !Client.Credentials.HasAnother(now) }, options, sent, now);
        return told;
    }
}

/// <summary>A model with its targets: immutable.</summary>
/// <param name="Options">As configured.</param>
/// <param name="Targets">In configured order.</param>
/// <param name="Meter">Its requests as clients see them.</param>
internal sealed record ModelRoute(ModelOptions Options, UpstreamTarget[] Targets, MeterShards Meter)
{
    /// <summary>The name that clients ask for.</summary>
    public string Name => Options.Name;

    /// <summary>The target of that name, or null.</summary>
    public UpstreamTarget? Find(string target) => Array.Find(Targets, t => t.Name == target);

    /// <summary>Orders the targets for one request.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    /// <param name="order">Receives indices into <see cref="Targets"/>.</param>
    /// <returns>How many of them, from the front, take requests now.</returns>
    public int Plan(TimeSpan now, double sample, Span<byte> order)
    {
        Span<TargetHealth> health = stackalloc TargetHealth[Targets.Length];
        var byCost = Options.Strategy == RoutingStrategy.LowestLatency;
        for (var i = 0; i < Targets.Length; i++)
        {
            var state = Targets[i].State;
            health[i] = new(Targets[i].Options.Weight, state.AvailableAt, state.PreferredAt(now), byCost ? state.Speed.Cost(now) : 0);
        }

        return RoutePlanner.Plan(Options.Strategy, health, now, sample, order);
    }
}
