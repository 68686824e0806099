using Relay.Core.Breaker;
using Relay.Core.Routing;
using Relay.Core.Slow;

namespace Relay.Core.Tests.Slow;

/// <summary>How fast one simulated target is.</summary>
internal sealed record Pace
{
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromMilliseconds(400);

    public TimeSpan InterToken { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The spread of first tokens: the standard deviation of their logarithm.</summary>
    public double Sigma { get; init; } = 0.4;

    /// <summary>What all its times are multiplied by at some time.</summary>
    public Func<TimeSpan, double> Factor { get; init; } = _ => 1;

    /// <summary>The same for its first tokens, or its time between tokens, alone.</summary>
    public Func<TimeSpan, double> FirstTokenFactor { get; init; } = _ => 1;

    public Func<TimeSpan, double> InterTokenFactor { get; init; } = _ => 1;
}

/// <summary>
/// One gateway and its targets in virtual time: streams arrive at an even rate, each goes where the planner says, and its first token,
/// its thirty-third and its end are told to the target's guard when they come.
/// </summary>
internal sealed class SlowWorld(int seed, SlowOptions options, params Pace[] paces)
{
    private const int Tokens = 80;
    private const int JudgedGaps = 32;

    private readonly Random _random = new(seed);
    private readonly SlowGuard[] _guards = [.. paces.Select(_ => new SlowGuard(options, BreakerOptions.Default))];
    private readonly PriorityQueue<Action, TimeSpan> _events = new();

    public List<(TimeSpan At, int Target, TimeSpan FirstToken)> Sent { get; } = [];

    public SlowGuard Guard(int target) => _guards[target];

    public double PerSecond { get; init; } = 50;

    public TimeSpan Now { get; private set; }

    /// <summary>Requests arrive until then.</summary>
    public SlowWorld RunUntil(TimeSpan end)
    {
        for (var next = Now; next < end; next += TimeSpan.FromSeconds(1 / PerSecond))
        {
            RunEventsUntil(next);
            Now = next;
            Arrive();
        }

        RunEventsUntil(end);
        Now = end;
        return this;
    }

    /// <summary>The share of the requests sent in a span that went to a target.</summary>
    public double Share(int target, TimeSpan from, TimeSpan to)
    {
        var sent = Sent.Where(s => s.At >= from && s.At < to).ToList();
        return (double)sent.Count(s => s.Target == target) / sent.Count;
    }

    private void RunEventsUntil(TimeSpan until)
    {
        while (_events.TryPeek(out _, out var at) && at <= until)
        {
            Now = at;
            _events.Dequeue()();
        }
    }

    private void Arrive()
    {
        Span<TargetHealth> health = stackalloc TargetHealth[paces.Length];
        for (var i = 0; i < paces.Length; i++)
        {
            health[i] = new(1, TimeSpan.Zero, _guards[i].IsAvoided(Now, _random.NextDouble(), out _) ? TimeSpan.MaxValue : TimeSpan.Zero);
        }

        Span<byte> order = stackalloc byte[paces.Length];
        RoutePlanner.Plan(RoutingStrategy.Priority, health, Now, _random.NextDouble(), order);
        Send(order[0]);
    }

    private void Send(int target)
    {
        var (pace, guard) = (paces[target], _guards[target]);
        var factor = pace.Factor(Now);
        var first = pace.FirstToken * (Lognormal(pace.Sigma) * factor * pace.FirstTokenFactor(Now));
        var gap = pace.InterToken * (Lognormal(0.15) * factor * pace.InterTokenFactor(Now));
        Sent.Add((Now, target, first));
        var ticket = guard.Enter(SlowClass.Of(1000, reasons: false), streams: true, TimeSpan.MaxValue, Now, TimeSpan.FromSeconds(30), _random.NextDouble());
        var start = Now;
        At(start + first, () => guard.FirstToken(ref ticket, first, alone: false, Now, _random.NextDouble()));
        At(start + first + (gap * JudgedGaps), () => guard.InterToken(ref ticket, gap, Now, _random.NextDouble()));
        At(start + first + (gap * Tokens), () => guard.Leave(ref ticket, answered: true, waitedFor: null, Now, _random.NextDouble()));
    }

    private void At(TimeSpan at, Action action) => _events.Enqueue(action, at);

    private double Lognormal(double sigma) =>
        Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
