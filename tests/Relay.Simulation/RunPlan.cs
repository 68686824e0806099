using System.Collections.Frozen;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Routing;
using Relay.Gateway.Config;
using Relay.Simulation.Client;
using Relay.Simulation.Planted;
using Relay.Simulation.Provider;

namespace Relay.Simulation;

/// <summary>All that a seed decides before a run begins: configuration, targets and their weather, clients and what they do.</summary>
internal sealed class RunPlan
{
    /// <summary>Draws it.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="requests">How many requests; 0: the seed decides.</param>
    /// <param name="bug">A bug to plant.</param>
    public RunPlan(ulong seed, int requests = 0, PlantedBug bug = PlantedBug.None)
    {
        Seed = seed;
        Bug = bug;
        var rng = new Rng(seed).Fork(1);
        var count = requests > 0 ? requests : (int)Math.Clamp(rng.About(250).TotalSeconds, 20, 2500);
        var perSecond = rng.Pick(1.0, 5, 20, 100);
        Length = TimeSpan.FromSeconds(count / perSecond);
        Gateways = rng.Between(1, 3);
        TimersAreLate = rng.Chance(0.5);
        ShufflesReady = rng.Chance(0.5);
        GrainFaults = rng.Pick(0, 0, 0.02, 0.3);
        SinkFaults = rng.Pick(0, 0, 0.02);
        Targets = [.. Enumerable.Range(0, rng.Between(1, 5)).Select(i => TargetOf(i, new Rng(seed).Fork(10 + (ulong)i), Length))];
        Config = ConfigOf(rng, Targets);
        Requests = RequestsOf(new Rng(seed).Fork(2), count, perSecond);
    }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The planted bug.</summary>
    public PlantedBug Bug { get; }

    /// <summary>How long requests come.</summary>
    public TimeSpan Length { get; }

    /// <summary>How many gateways there are.</summary>
    public int Gateways { get; }

    /// <summary>Timers fire late, by a millisecond on average.</summary>
    public bool TimersAreLate { get; }

    /// <summary>What is ready runs in any order.</summary>
    public bool ShufflesReady { get; }

    /// <summary>The share of calls of grains that fail.</summary>
    public double GrainFaults { get; }

    /// <summary>The share of records that their sink takes late or not.</summary>
    public double SinkFaults { get; }

    /// <summary>The targets.</summary>
    public SimTarget[] Targets { get; }

    /// <summary>The configuration of every gateway.</summary>
    public RelayConfig Config { get; }

    /// <summary>The requests, in the order in which they come.</summary>
    public IReadOnlyList<SimRequest> Requests { get; }

    /// <summary>The longest total limit of a request.</summary>
    public TimeSpan LongestTotal => Config.Models.Values.Max(m => m.Timeouts.Total);

    private static SimTarget TargetOf(int index, Rng rng, TimeSpan length) => new(
        index,
        Quirks.Draw(rng),
        new Weather(rng.Fork(1), length),
        rng.Chance(0.2) ? null : new Price(new PriceRates { Input = rng.Pick(0.15m, 2m), Output = rng.Pick(0.6m, 8m, 1_000_000m) }),
        rng.Fork(2));

    private static RelayConfig ConfigOf(Rng rng, SimTarget[] targets)
    {
        var breaker = BreakerOptions.Default with
        {
            Enabled = rng.Chance(0.95),
            OpenFor = rng.Pick(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)),
            RampFor = rng.Pick(TimeSpan.FromSeconds(5), TimeSpan.Zero),
        };
        var models = Enumerable.Range(0, rng.Between(1, 2)).Select(i => new ModelOptions
        {
            Name = $"m{i}",
            Strategy = rng.Pick(Enum.GetValues<RoutingStrategy>()),
            Targets = [.. Shuffled(rng, targets).Take(i == 0 ? targets.Length : rng.Between(1, targets.Length))
                .Select(t => new TargetOptions { Provider = t.Provider, UpstreamModel = t.UpstreamModel, Weight = rng.Pick(1, 1, 3, 0), Reasoning = rng.Chance(0.05) })],
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

    private List<SimRequest> RequestsOf(Rng rng, int count, double perSecond)
    {
        var leaves = rng.Pick(0, 0.05, 0.3);
        var slow = rng.Pick(0, 0.05);
        var requests = new List<SimRequest>(count);
        for (var (i, at) = (0, TimeSpan.Zero); i < count; i++)
        {
            at += rng.About(1 / perSecond);
            requests.Add(new SimRequest
            {
                Index = i,
                Gateway = rng.Below(Gateways),
                Model = $"m{rng.Below(Config.Models.Count)}",
                Arrives = at,
                Stream = rng.Chance(0.75),
                IncludeUsage = rng.Chance(0.5),
                Shape = rng.Chance(0.85) ? Shape.Text : rng.Pick(Shape.TwoChoices, Shape.Tool, Shape.Json),
                Words = rng.Chance(0.02) ? rng.Between(100, 300) : rng.Between(1, 24),
                Patience = rng.Chance(leaves) ? rng.About(3) : null,
                Deadline = rng.Chance(0.03) ? rng.About(5) + TimeSpan.FromMilliseconds(1) : null,
                Sluggishness = rng.Chance(slow) ? rng.About(0.2) : TimeSpan.Zero,
                StallsAfter = rng.Chance(slow / 5) ? rng.Below(2000) : null,
            });
        }

        return requests;
    }

    private static SimTarget[] Shuffled(Rng rng, SimTarget[] targets) => [.. targets.OrderBy(_ => rng.Unit())];
}
