using Relay.Core.Cost;
using Relay.Core.Routing;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Fit;
using Relay.Gateway.Recording;
using Relay.Gateway.Telemetry;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Gateway.Upstream;
using Relay.Gateway.Upstream.Credentials;

namespace Relay.Gateway.Routing;

/// <summary>A target as one model uses it: immutable, with a reference to its run-time state.</summary>
/// <param name="Name"><c>provider/upstream-model</c> as configured: a wildcard's keeps its <c>*</c>. The only name in labels.</param>
/// <param name="FullName">The same with what a wildcard's <c>*</c> stands for.</param>
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
    string FullName,
    TargetOptions Options,
    ReadOnlyMemory<byte> ModelJson,
    ProviderClient Client,
    TargetWire Wire,
    CapabilityOptions? Capabilities,
    ParameterPlan? Parameters,
    Price? Price,
    TargetState State)
{
    /// <summary>Its upstream model is one that the client named: a wildcard's.</summary>
    public bool IsNamedByClient => Name != FullName;

    /// <summary>Stands for it in the choice by affinity: the same in every process.</summary>
    public ulong Key { get; } = AffinityKey.OfName(Name);

    /// <summary>What it is called in spans and metrics.</summary>
    public TargetTags Tags => field ??= new(Client.Options, Name);

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
    /// <summary>The targets by the models that they come from, in order: one, unless others are its fallbacks.</summary>
    private readonly RouteGroup[] _groups = [new(Options.Strategy, Targets.Length)];

    private ModelRoute(ModelOptions options, UpstreamTarget[] targets, MeterShards meter, RouteGroup[] groups)
        : this(options, targets, meter) => _groups = groups;

    /// <summary>The name that clients ask for; of a wildcard the configured one.</summary>
    public string Name => Options.Name;

    /// <summary>The names of the spans of its requests, by endpoint.</summary>
    private readonly string?[] _spans = new string?[3];

    /// <summary>The name of the spans of its requests: <c>chat chat-default</c>. A wildcard's is the configured one: clients cannot make names.</summary>
    public string SpanOf(EndpointKind endpoint) => _spans[(int)endpoint] ??= $"{GenAi.OperationOf(endpoint)} {Name}";

    /// <summary>The target of that name, or null.</summary>
    public UpstreamTarget? Find(string target)
    {
        foreach (var known in Targets)
        {
            if (known.Name == target)
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>The first of the targets that take no requests whose breaker has opened and was passed over by no request since; null when there is none.</summary>
    /// <param name="keptAway">Indices into <see cref="Targets"/>.</param>
    public string? TellPassedOver(ReadOnlySpan<byte> keptAway)
    {
        foreach (var index in keptAway)
        {
            if (Targets[index].State.TakeUntoldOpening())
            {
                return Targets[index].Name;
            }
        }

        return null;
    }

    /// <summary>The same with one of its targets alone.</summary>
    public ModelRoute Only(UpstreamTarget target) => new(Options, [target], Meter);

    /// <summary>The first model with the targets of the others behind its own, each target once. Options and figures are the first's.</summary>
    public static ModelRoute Join(IReadOnlyList<ModelRoute> models)
    {
        var targets = new List<UpstreamTarget>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var groups = new List<RouteGroup>(models.Count);
        foreach (var model in models)
        {
            var before = targets.Count;
            targets.AddRange(model.Targets.Where(t => names.Add(t.FullName)));
            groups.Add(new(model.Options.Strategy, targets.Count - before));
        }

        return new(models[0].Options, [.. targets], models[0].Meter, [.. groups]);
    }

    /// <summary>Orders the targets for one request.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    /// <param name="affinity">Stands for the conversation that is to stay at its target; null: none is.</param>
    /// <param name="order">Receives indices into <see cref="Targets"/>.</param>
    /// <returns>How many of them, from the front, take requests now.</returns>
    public int Plan(TimeSpan now, double sample, ulong? affinity, Span<byte> order)
    {
        Span<TargetHealth> health = stackalloc TargetHealth[Targets.Length];
        var byCost = Array.Exists(_groups, g => g.Strategy == RoutingStrategy.LowestLatency);
        for (var i = 0; i < Targets.Length; i++)
        {
            var state = Targets[i].State;
            health[i] = new(Targets[i].Options.Weight, state.AvailableAt, state.PreferredAt(now), byCost ? state.Speed.Cost(now) : 0, Targets[i].Key);
        }

        return RoutePlanner.Plan(_groups, health, now, sample, affinity, order);
    }
}
