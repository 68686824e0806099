using Relay.Core.Latency;
using Relay.Core.Routing;

namespace Relay.Core.Tests.Routing;

/// <summary>A target whose first tokens take the longer the more requests wait there.</summary>
/// <param name="Base">What a first token takes when nobody else waits.</param>
/// <param name="Capacity">With so many waiting it takes twice that, with twice as many five times.</param>
internal sealed record LoadedTarget(TimeSpan Base, double Capacity)
{
    /// <summary>What all its times are multiplied by at some time.</summary>
    public Func<TimeSpan, double> Factor { get; init; } = _ => 1;
}

/// <summary>Several gateways that share targets and know nothing of each other, in virtual time. Requests arrive at random (Poisson), each at a random gateway.</summary>
internal sealed class LoadWorld(int seed, int gateways, params LoadedTarget[] targets)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, TimeSpan> _events = new();
    private readonly int[] _waitingAt = new int[targets.Length];
    private readonly DecayedPeak[,] _peaks = new DecayedPeak[gateways, targets.Length];
    private readonly int[,] _waiting = new int[gateways, targets.Length];

    public required double PerSecond { get; init; }

    /// <summary>A planted fault: every gateway takes the target that was fastest last.</summary>
    public bool Herds { get; init; }

    public List<(TimeSpan At, int Target, TimeSpan FirstToken)> Sent { get; } = [];

    private TimeSpan Now { get; set; }

    /// <summary>All gateways have measured a target before.</summary>
    public LoadWorld Knows(int target, TimeSpan firstToken)
    {
        for (var gateway = 0; gateway < gateways; gateway++)
        {
            _peaks[gateway, target] = new(firstToken, Now);
        }

        return this;
    }

    public LoadWorld RunUntil(TimeSpan end)
    {
        while (true)
        {
            var next = Now - (TimeSpan.FromSeconds(1 / PerSecond) * Math.Log(1 - _random.NextDouble()));
            while (_events.TryPeek(out _, out var at) && at <= next)
            {
                Now = at;
                _events.Dequeue()();
            }

            Now = next;
            if (Now >= end)
            {
                return this;
            }

            Arrive(_random.Next(gateways));
        }
    }

    public double Share(int target, TimeSpan from, TimeSpan to)
    {
        var sent = Sent.Where(s => s.At >= from && s.At < to).ToList();
        return (double)sent.Count(s => s.Target == target) / sent.Count;
    }

    public double MeanMs(TimeSpan from) => Sent.Where(s => s.At >= from).Average(s => s.FirstToken.TotalMilliseconds);

    /// <summary>The largest share that one target had of the requests of one second.</summary>
    public double LargestShare(TimeSpan from) => Sent
        .Where(s => s.At >= from)
        .GroupBy(s => (int)s.At.TotalSeconds)
        .Max(second => second.GroupBy(s => s.Target).Max(t => t.Count()) / (double)second.Count());

    private void Arrive(int gateway)
    {
        Span<TargetHealth> health = stackalloc TargetHealth[targets.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            var cost = Herds ? _peaks[gateway, i].Value.Ticks : _peaks[gateway, i].Cost(_waiting[gateway, i], Now);
            health[i] = new(1, TimeSpan.Zero, TimeSpan.Zero, cost);
        }

        Span<byte> order = stackalloc byte[targets.Length];
        RoutePlanner.Plan(RoutingStrategy.LowestLatency, health, Now, _random.NextDouble(), order);
        Send(gateway, Herds ? Cheapest(health) : order[0]);
    }

    private void Send(int gateway, int target)
    {
        var load = _waitingAt[target] / targets[target].Capacity;
        var noise = Math.Exp(0.2 * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
        var first = targets[target].Base * ((1 + (load * load)) * noise * targets[target].Factor(Now));
        Sent.Add((Now, target, first));
        _waitingAt[target]++;
        _waiting[gateway, target]++;
        _events.Enqueue(
            () =>
            {
                _waitingAt[target]--;
                _waiting[gateway, target]--;
                _peaks[gateway, target] = Herds ? new(first, Now) : _peaks[gateway, target].Observe(first, Now);
            },
            Now + first);
    }

    private static int Cheapest(ReadOnlySpan<TargetHealth> health)
    {
        var best = 0;
        for (var i = 1; i < health.Length; i++)
        {
            best = health[i].Cost < health[best].Cost ? i : best;
        }

        return best;
    }
}
