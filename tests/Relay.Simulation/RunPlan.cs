using Relay.Core.Cost;
using Relay.Gateway.Config;
using Relay.Simulation.Client;
using Relay.Simulation.Planted;
using Relay.Simulation.Provider;

namespace Relay.Simulation;

/// <summary>All that a seed decides before a run begins: configuration, targets and their weather, clients and what they do.</summary>
internal sealed class RunPlan
{
    private const int CalmRequests = 9;

    /// <summary>The longest Retry-After that is kept, and the longest time that a breaker stays open.</summary>
    private static readonly TimeSpan AllIsForgotten = TimeSpan.FromSeconds(90);

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
        var perSecond = rng.Pick(2.0, 8, 30, 100);
        Length = TimeSpan.FromSeconds(count / perSecond);
        Gateways = rng.Between(1, 3);
        TimersAreLate = rng.Chance(0.5);
        ShufflesReady = rng.Chance(0.5);
        GrainFaults = rng.Pick(0, 0, 0.02, 0.3);
        SinkFaults = rng.Pick(0, 0, 0.02);
        Targets = [.. Enumerable.Range(0, rng.Between(1, 5)).Select(i => TargetOf(i, new Rng(seed).Fork(10 + (ulong)i), Length))];
        GrainsAway = rng.Chance(0.15) ? new(Length * 0.3, Length * (0.3 + (rng.Unit() * 0.5))) : default;
        Config = ConfigDraw.Of(rng, Targets);
        Swaps = SwapsOf(new Rng(seed).Fork(3));
        Requests = RequestsOf(new Rng(seed).Fork(2), count, perSecond);
        if (rng.Chance(0.4))
        {
            AddCalm(new Rng(seed).Fork(4));
        }
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

    /// <summary>When no grain can be reached at all.</summary>
    public Span GrainsAway { get; }

    /// <summary>The share of records that their sink takes late or not.</summary>
    public double SinkFaults { get; }

    /// <summary>The targets.</summary>
    public SimTarget[] Targets { get; }

    /// <summary>The configuration that every gateway starts with.</summary>
    public RelayConfig Config { get; }

    /// <summary>Configurations that come into force later, each at one gateway.</summary>
    public IReadOnlyList<(TimeSpan At, int Gateway, RelayConfig Config)> Swaps { get; }

    /// <summary>The requests, in the order in which they come.</summary>
    public List<SimRequest> Requests { get; }

    /// <summary>The longest total limit of a request.</summary>
    public TimeSpan LongestTotal => Swaps.Select(s => s.Config).Append(Config).SelectMany(c => c.Models.Values).Max(m => m.Timeouts.Total);

    private static SimTarget TargetOf(int index, Rng rng, TimeSpan length) => new(
        index,
        Quirks.Draw(rng),
        new Weather(rng.Fork(1), length),
        rng.Chance(0.2) ? null : new Price(new PriceRates { Input = rng.Pick(0.15m, 2m), Output = rng.Pick(0.6m, 8m, 1_000_000m) }),
        rng.Fork(2));

    /// <summary>After the last front, and all that it may have left behind: a few requests, one at a time.</summary>
    private void AddCalm(Rng rng)
    {
        var at = Length + LongestTotal + AllIsForgotten;
        for (var i = 0; i < CalmRequests; i++)
        {
            at += TimeSpan.FromSeconds(3);
            Requests.Add(new SimRequest
            {
                Index = Requests.Count,
                Gateway = i % Gateways,
                Model = $"m{rng.Below(Config.Models.Count)}",
                Arrives = at,
                Stream = rng.Chance(0.75),
                Words = rng.Between(1, 24),
                IsInTheCalm = true,
            });
        }
    }

    private List<(TimeSpan At, int Gateway, RelayConfig Config)> SwapsOf(Rng rng)
    {
        var count = rng.Chance(0.25) ? rng.Between(1, 4) : 0;
        return [.. Enumerable.Range(0, count).Select(_ => (Length * rng.Unit(), rng.Below(Gateways), ConfigDraw.Changed(rng, Config))).OrderBy(s => s.Item1)];
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
}
