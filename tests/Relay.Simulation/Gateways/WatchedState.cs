using Microsoft.Extensions.Logging;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Gateway;
using Relay.Gateway.Config;
using Relay.Gateway.Routing;
using Relay.Simulation.Planted;

namespace Relay.Simulation.Gateways;

/// <summary>A target's state at one gateway, whose every call the referee hears.</summary>
internal sealed class WatchedState(
    World world, Place place, string name, ModelOptions model, Sampler sampler, ILogger log, TargetState? before)
    : TargetState(name, model.Breaker, model.Slow, world.Time, sampler, log, before)
{
    /// <inheritdoc/>
    public override BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor)
    {
        var entry = Bug == PlantedBug.NeverProbes && ReportBreaker().State == BreakerState.Open ? new(false, default, now) : base.TryEnter(now, leaseFor);
        if (!entry.Allowed && Bug == PlantedBug.LetsEverybodyProbe && ReportBreaker().State == BreakerState.HalfOpen)
        {
            entry = new(true, new ProbeLease(1_000_000 + now.Ticks, now + leaseFor), now);
        }
        else if (!entry.Allowed && Bug == PlantedBug.IgnoresRetryAfter && NotBefore > now)
        {
            entry = new(true, default, now);
        }

        world.Referee.Enters(place, entry, OwnState(), now);
        return entry;
    }

    /// <summary>That of the breaker itself: a slow target keeps nobody away, it only comes after the others.</summary>
    private BreakerState OwnState() => ReportBreaker() is { Reason: not BreakerReason.Slow } own ? own.State : BreakerState.Closed;

    /// <inheritdoc/>
    public override void CountRequest(TimeSpan now)
    {
        base.CountRequest(now);
        world.Referee.CountsRequest(place, now);
    }

    /// <inheritdoc/>
    public override bool TryTakeRetry(RetryOptions options, TimeSpan now)
    {
        var taken = base.TryTakeRetry(options, now) || Bug == PlantedBug.IgnoresRetryBudget;
        world.Referee.TakesRetry(place, taken, options, now);
        return taken;
    }

    /// <inheritdoc/>
    public override void ReturnRetry(TimeSpan now)
    {
        base.ReturnRetry(now);
        world.Referee.ReturnsRetry(place);
    }

    /// <inheritdoc/>
    public override void LeaveAlone(TimeSpan now, TimeSpan wait)
    {
        base.LeaveAlone(now, wait);
        world.Referee.LeavesAlone(place, now + wait, wait);
    }

    /// <inheritdoc/>
    public override void ProbeAnswered(ProbeLease lease)
    {
        base.ProbeAnswered(lease);
        world.Referee.Settles(place, lease);
    }

    /// <inheritdoc/>
    public override void Record(Verdict verdict, ProbeLease lease)
    {
        if (Bug == PlantedBug.KeepsProbeLease && lease.IsHeld && verdict != Verdict.Success)
        {
            return;
        }

        base.Record(verdict, lease);
        world.Referee.Judges(place, verdict, lease);
    }

    private PlantedBug Bug => world.Plan.Bug;
}

/// <summary>A target as one gateway sees it.</summary>
/// <param name="Gateway">The gateway's number.</param>
/// <param name="Target">The target's.</param>
/// <param name="State">The state's: another configuration can bring another one.</param>
internal readonly record struct Place(int Gateway, int Target, int State);
