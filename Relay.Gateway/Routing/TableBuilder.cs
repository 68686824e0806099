using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Relay.Gateway.Auth;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Fit;
using Relay.Gateway.Recording;
using Relay.Gateway.Upstream;
using Relay.Gateway.Upstream.Credentials;

namespace Relay.Gateway.Routing;

/// <summary>Makes a <see cref="RoutingTable"/> of a configuration, taking over from the tables that are alive what is unchanged.</summary>
internal sealed class TableBuilder(TableParts parts, TimeProvider time, Sampler sampler, ILogger log)
{
    /// <summary>Builds it.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="alive">The tables that are alive, newest first. One that drains counts too: what is removed and soon added again goes on.</param>
    public RoutingTable Build(RelayConfig config, IReadOnlyList<RoutingTable> alive)
    {
        var clients = config.Providers.Values.ToFrozenDictionary(p => p.Name, p => Client(p, LongestConnect(config, p.Name), alive));
        var states = new Dictionary<string, TargetState>();
        var models = new Dictionary<string, ModelRoute>();
        foreach (var model in config.Models.Values)
        {
            var targets = new UpstreamTarget[model.Targets.Length];
            for (var i = 0; i < targets.Length; i++)
            {
                var target = model.Targets[i];
                if (!states.TryGetValue(target.Name, out var state))
                {
                    states[target.Name] = state = State(target.Name, model, alive);
                }

                targets[i] = Target(config, clients, target, target.Name, state);
            }

            models[model.Name] = new ModelRoute(model, targets, Meter(model.Name, alive));
        }

        return new()
        {
            Config = config,
            Models = models.ToFrozenDictionary(),
            Wildcards = [.. models.Values.Where(m => m.Options.IsWildcard).OrderByDescending(m => m.Name.Length).Select(m => new WildcardRoute(m, (target, options) => Target(config, clients, options, target.Name, target.State)))],
            States = states.ToFrozenDictionary(),
            Clients = clients,
            Keys = new KeyRing(config.Keys, alive.Count > 0 ? alive[0].Keys : null),
        };
    }

    /// <summary>Makes a target.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="clients">The ways to its providers.</param>
    /// <param name="target">Its options; of a wildcard's target with what its <c>*</c> stands for.</param>
    /// <param name="name">The name that it is counted under.</param>
    /// <param name="state">What is known of it at run time.</param>
    private static UpstreamTarget Target(RelayConfig config, FrozenDictionary<string, ProviderClient> clients, TargetOptions target, string name, TargetState state) => new(
        name,
        target.Name,
        target,
        RequestSplice.QuoteModel(target.UpstreamModel),
        clients[target.Provider],
        TargetWire.Of(config.Providers[target.Provider], target.UpstreamModel, Capabilities(target)),
        Capabilities(target),
        ParameterPlan.Of(target.Parameters, KnownParameters(target, config.Providers[target.Provider])),
        config.Prices.Find(target.Name),
        state);

    private static CapabilityOptions? Capabilities(TargetOptions target)
    {
        var all = ModelFamily.Find(target.UpstreamModel) is { } family ? target.Capabilities.Over(family.Capabilities) : target.Capabilities;
        return all == CapabilityOptions.Unknown ? null : all;
    }

    /// <summary>Other dialects' translators know what their providers take.</summary>
    private static ParameterOptions KnownParameters(TargetOptions target, ProviderOptions provider) =>
        provider.Dialect is Dialect.OpenAi or Dialect.Azure && ModelFamily.Find(target.UpstreamModel) is { } family ? family.Parameters : ParameterOptions.None;

    private static TimeSpan LongestConnect(RelayConfig config, string provider) => config.Models.Values
        .Where(m => m.Targets.Any(t => t.Provider == provider))
        .Select(m => m.Timeouts.Connect)
        .DefaultIfEmpty(TimeSpan.FromSeconds(5))
        .Max();

    private ProviderClient Client(ProviderOptions provider, TimeSpan connect, IReadOnlyList<RoutingTable> alive)
    {
        foreach (var table in alive)
        {
            if (table.Clients.TryGetValue(provider.Name, out var client) && client.Serves(provider, connect))
            {
                return client;
            }
        }

        var before = alive.Select(t => t.Clients.GetValueOrDefault(provider.Name)?.Credentials).OfType<CredentialPool>();
        return new(provider, connect, parts.CreateHandler(provider, connect), new(provider, before, time, log));
    }

    private TargetState State(string name, ModelOptions model, IReadOnlyList<RoutingTable> alive)
    {
        var before = alive.Select(t => t.States.GetValueOrDefault(name)).FirstOrDefault(s => s is not null);
        return before?.BreakerOptions == model.Breaker && before.Speed.Options == model.Slow
            ? before
            : parts.CreateState(name, model, time, sampler, log, before);
    }

    private static MeterShards Meter(string model, IReadOnlyList<RoutingTable> alive) =>
        alive.Select(t => t.Models.GetValueOrDefault(model)?.Meter).FirstOrDefault(m => m is not null) ?? new MeterShards();
}
