using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Recording;
using Relay.Gateway.Upstream;
using Relay.Silo.Grains;

namespace Relay.Gateway.Routing;

/// <summary>Holds the current <see cref="RoutingTable"/>. A request reads it once and keeps what it read.</summary>
internal sealed class RoutingState : ITopology, IDisposable
{
    private readonly TimeProvider _time;
    private readonly Sampler _sampler;
    private readonly ILogger<RoutingState> _log;
    private readonly Dictionary<string, ProviderClient> _clients = [];
    private readonly RoutingTable _current;

    public RoutingState(RelayConfig config, TimeProvider time, Sampler sampler, ILogger<RoutingState> log)
    {
        _time = time;
        _sampler = sampler;
        _log = log;
        _current = Build(config);
    }

    /// <summary>The table in force.</summary>
    public RoutingTable Current => _current;

    /// <inheritdoc/>
    public IReadOnlyList<ModelTopology> Models =>
    [
        .. Current.Models.Values
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => new ModelTopology(m.Name, m.Options.Strategy.ToString().ToLowerInvariant(), [.. m.Targets.Select(t => t.Name)])),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private RoutingTable Build(RelayConfig config)
    {
        foreach (var provider in config.Providers.Values)
        {
            var connect = config.Models.Values
                .Where(m => m.Targets.Any(t => t.Provider == provider.Name))
                .Select(m => m.Timeouts.Connect)
                .DefaultIfEmpty(TimeSpan.FromSeconds(5))
                .Max();
            _clients[provider.Name] = new ProviderClient(provider, connect);
        }

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
                    states[target.Name] = state = new TargetState(target.Name, model.Breaker, _time, _sampler, _log);
                }

                targets[i] = new UpstreamTarget(
                    target.Name,
                    target,
                    RequestSplice.QuoteModel(target.UpstreamModel),
                    _clients[target.Provider],
                    config.Prices.Find(target.Name),
                    state);
            }

            models[model.Name] = new ModelRoute(model, targets, new MeterShards());
        }

        return new(config, models.ToFrozenDictionary(), states.ToFrozenDictionary());
    }
}
