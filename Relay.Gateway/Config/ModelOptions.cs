using System.Collections.Immutable;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Routing;
using Relay.Core.Slow;

namespace Relay.Gateway.Config;

/// <summary>A model that clients ask for, and the targets that answer it.</summary>
public sealed record ModelOptions
{
    /// <summary>The name in requests: 1 to 200 characters, no control characters. A <c>*</c> at its end matches the rest of a name.</summary>
    public required string Name { get; init; }

    /// <summary>How targets are ordered. Default priority.</summary>
    public RoutingStrategy Strategy { get; init; }

    /// <summary>The targets, at least one, at most 64, no two alike.</summary>
    public required ImmutableArray<TargetOptions> Targets { get; init; }

    /// <summary>Requests of one conversation prefer one target while it is available, for the provider's prompt cache. Default false.</summary>
    public bool Affinity { get; init; }

    /// <summary>Its name ends in <c>*</c>, which stands for the rest of the names that clients ask for.</summary>
    public bool IsWildcard => Name.EndsWith('*');

    /// <summary>Time limits.</summary>
    public TimeoutOptions Timeouts { get; init; } = TimeoutOptions.Default;

    /// <summary>Retries on one target.</summary>
    public RetryOptions Retry { get; init; } = RetryOptions.Default;

    /// <summary>What becomes of streams that break after their first token.</summary>
    public RescueOptions Rescue { get; init; } = RescueOptions.Default;

    /// <summary>The breaker of its targets. A target that several models share must have the same in each.</summary>
    public BreakerOptions Breaker { get; init; } = BreakerOptions.Default;

    /// <summary>When attempts at its targets are slow. A target that several models share must have the same in each.</summary>
    public SlowOptions Slow { get; init; } = SlowOptions.Default;
}

/// <summary>One provider's upstream model, as one model uses it.</summary>
public sealed record TargetOptions
{
    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name at that provider; may hold slashes; 1 to 200 characters. Of a wildcard's target it may end in <c>*</c>: what the name asked for matched.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>Its share under the weighted strategy. Default 1, from 0 to 1,000,000; 0, there and under lowest latency: only when all others failed.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>It reasons before it answers, so its first token may take longer. Default false.</summary>
    public bool Reasoning { get; init; }

    /// <summary>It goes on with an assistant's message at the end of a request (prefill). Default null: not known; it is tried, and a 400 is remembered.</summary>
    public bool? Prefill { get; init; }

    /// <summary>What it can do, as far as it is told; what is left open comes from what is known of the model's family.</summary>
    public CapabilityOptions Capabilities { get; init; } = CapabilityOptions.Unknown;

    /// <summary>What becomes of the fields of its requests, over what is known of the model's family.</summary>
    public ParameterOptions Parameters { get; init; } = ParameterOptions.None;

    /// <summary>Asks it every so often whether it is there while it has no traffic. Null: never.</summary>
    public StandbyOptions? StandbyProbe { get; init; }

    /// <summary>Its upstream model ends in <c>*</c>, which takes what the model's <c>*</c> matched.</summary>
    public bool IsWildcard => UpstreamModel.EndsWith('*');

    /// <summary><c>provider/upstream-model</c>: the target's name everywhere.</summary>
    public string Name => $"{Provider}/{UpstreamModel}";
}
