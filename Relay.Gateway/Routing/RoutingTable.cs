using System.Collections.Frozen;
using Relay.Core.Routing;
using Relay.Gateway.Auth;
using Relay.Gateway.Config;
using Relay.Gateway.Upstream;
using Relay.Silo.Grains;

namespace Relay.Gateway.Routing;

/// <summary>
/// Everything that a request reads of the configuration: swapped as a whole, never changed. It counts the requests that hold it, so
/// that what only they still need (the connections of a removed provider) goes when the last of them has ended.
/// </summary>
internal sealed class RoutingTable
{
    /// <summary>Requests that hold it, and one for being in force. Zero is final.</summary>
    private int _leases = 1;

    /// <summary>What it was made from.</summary>
    public required RelayConfig Config { get; init; }

    /// <summary>Models by name, wildcards among them.</summary>
    public required FrozenDictionary<string, ModelRoute> Models { get; init; }

    /// <summary>What stats need to know of the models, in the order of their names; made when it is first asked for.</summary>
    public IReadOnlyList<ModelTopology> Topology => field ??=
    [
        .. Models.Values
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => new ModelTopology(m.Name, m.Options.Strategy.Label(), [.. m.Targets.Select(t => t.Name)])),
    ];

    /// <summary>The wildcards, the one with the longest prefix first.</summary>
    public required WildcardRoute[] Wildcards { get; init; }

    /// <summary>The model that serves a name: the one of that name, else the wildcard with the longest prefix that it begins with; or null.</summary>
    public ModelRoute? Find(string model)
    {
        if (Models.TryGetValue(model, out var route))
        {
            // A wildcard's own name is no model.
            return route.Options.IsWildcard ? null : route;
        }

        foreach (var wildcard in Wildcards)
        {
            if (wildcard.Matches(model))
            {
                return wildcard.For(model);
            }
        }

        return null;
    }

    /// <summary>Run-time state of every target, by name.</summary>
    public required FrozenDictionary<string, TargetState> States { get; init; }

    /// <summary>The way to every provider, by name.</summary>
    public required FrozenDictionary<string, ProviderClient> Clients { get; init; }

    /// <summary>Who may ask.</summary>
    public required KeyRing Keys { get; init; }

    /// <summary>Ends the wait for its last request; null while it is in force.</summary>
    public ITimer? Bound { get; set; }

    /// <summary>Takes a lease; false when it is out of force and its last request has ended.</summary>
    public bool TryEnter()
    {
        var leases = Volatile.Read(ref _leases);
        while (leases > 0)
        {
            var seen = Interlocked.CompareExchange(ref _leases, leases + 1, leases);
            if (seen == leases)
            {
                return true;
            }

            leases = seen;
        }

        return false;
    }

    /// <summary>Gives a lease back; true when it was the last.</summary>
    public bool Leave() => Interlocked.Decrement(ref _leases) == 0;
}
