using System.Collections.Frozen;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Routing;
using Relay.Gateway.Config;
using Relay.Simulation.Provider;

namespace Relay.Simulation;

/// <summary>Configurations as a seed draws them, always such as the reader of relay.json would take.</summary>
internal static class ConfigDraw
{
    /// <summary>Draws one.</summary>
    public static RelayConfig Of(Rng rng, SimTarget[] targets)
    {
        var breaker = BreakerOf(rng);
        var models = Enumerable.Range(0, rng.Between(1, 2)).Select(i => new ModelOptions
        {
            Name = $"m{i}",
            Strategy = rng.Pick(Enum.GetValues<RoutingStrategy>()),
            Targets = [.. Shuffled(rng, targets).Take(i == 0 ? targets.Length : rng.Between(1, targets.Length))
                .Select(t => new TargetOptions { Provider = t.Provider, UpstreamModel = t.UpstreamModel, Weight = rng.Pick(1, 1, 3, 0), Reasoning = rng.Chance(0.05), Prefill = rng.Pick<bool?>(null, null, true, false) })],
            Timeouts = TimeoutsOf(rng),
            Retry = RetryOf(rng),
            Breaker = breaker,
            Rescue = RescueOptions.Default with
            {
                Enabled = rng.Chance(0.9),
                MaxTextBytes = rng.Pick(256 * 1024, 256 * 1024, 1024),
                MaxPerRequest = rng.Pick(3, 3, 1),
            },
        });
        return new RelayConfig
        {
            Providers = targets.Select(t => new ProviderOptions { Name = t.Provider, BaseUrl = new Uri($"http://{t.Provider}.invalid/v1") }).ToFrozenDictionary(p => p.Name),
            Models = models.ToFrozenDictionary(m => m.Name),
            Prices = new PriceBook(targets.Where(t => t.Price is not null).Select(t => KeyValuePair.Create(t.Name, t.Price!))),
            Limits = new LimitOptions
            {
                MaxPlainBufferBytes = rng.Pick(8 * 1024 * 1024, 8 * 1024 * 1024, 1024),
                MaxSseLineBytes = rng.Pick(1024 * 1024, 1024),
                MaxConcurrentRequests = rng.Pick(10_000, 10_000, 10_000, 50),
                ClientStall = rng.Pick(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2)),
            },
        };
    }

    /// <summary>Draws a change of one: other limits, breakers or weights, or a target less at a model.</summary>
    public static RelayConfig Changed(Rng rng, RelayConfig config)
    {
        var breaker = rng.Chance(0.3) ? BreakerOf(rng) : config.Models.Values[0].Breaker;
        var models = config.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal).Select(model => model with
        {
            Targets = [.. model.Targets.Where((_, i) => i == 0 || rng.Chance(0.7)).Select(t => t with { Weight = rng.Pick(t.Weight, 1, 5) })],
            Timeouts = rng.Chance(0.5) ? TimeoutsOf(rng) : model.Timeouts,
            Retry = rng.Chance(0.5) ? RetryOf(rng) : model.Retry,
            Breaker = breaker,
        }).ToArray();
        return config with
        {
            Models = models.ToFrozenDictionary(m => m.Name),
            Providers = config.Providers.Where(p => models.Any(m => m.Targets.Any(t => t.Provider == p.Key))).ToFrozenDictionary(),
        };
    }

    private static BreakerOptions BreakerOf(Rng rng) => BreakerOptions.Default with
    {
        Enabled = rng.Chance(0.95),
        OpenFor = rng.Pick(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)),
        RampFor = rng.Pick(TimeSpan.FromSeconds(5), TimeSpan.Zero),
    };

    private static RetryOptions RetryOf(Rng rng) => RetryOptions.Default with
    {
        MaxPerTarget = rng.Pick(2, 2, 2, 0, 5),
        BudgetFloor = rng.Pick(10, 10, 2, 0),
        BudgetRatio = rng.Pick(0.2, 0.2, 0),
        BackoffBase = rng.Pick(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250), TimeSpan.Zero),
    };

    /// <summary>The defaults, or shorter ones, so that more happens in a run.</summary>
    private static TimeoutOptions TimeoutsOf(Rng rng)
    {
        if (rng.Chance(0.15))
        {
            return TimeoutOptions.Default;
        }

        var total = rng.Pick(20, 60, 90);
        return TimeoutOptions.Default with
        {
            Connect = TimeSpan.FromSeconds(rng.Pick(1, 5)),
            PoolWait = TimeSpan.FromSeconds(rng.Pick(1, 5)),
            RequestWrite = TimeSpan.FromSeconds(rng.Pick(2, 10)),
            FirstToken = TimeSpan.FromSeconds(rng.Pick(1, 3, 12)),
            FirstTokenLast = TimeSpan.FromSeconds(rng.Pick(12, 20)),
            Idle = TimeSpan.FromSeconds(rng.Pick(1, 5, 20)),
            Attempt = TimeSpan.FromSeconds(rng.Pick(4, 20)),
            Total = TimeSpan.FromSeconds(total),
            FinishGrace = TimeSpan.FromSeconds(rng.Pick(0.1, 2)),
            SlowAfter = TimeSpan.FromSeconds(rng.Pick(2, 10)),
        };
    }

    private static SimTarget[] Shuffled(Rng rng, SimTarget[] targets) => [.. targets.OrderBy(_ => rng.Unit())];
}
