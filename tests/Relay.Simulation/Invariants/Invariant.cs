using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Gateway.Recording;
using Relay.Simulation.Gateways;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>Something that holds in every run, whatever goes wrong in it. It hears all that happens and overrides what it needs.</summary>
/// <param name="world">The world.</param>
internal abstract class Invariant(World world)
{
    /// <summary>Every invariant.</summary>
    public static Invariant[] All(World world) =>
    [
        new OneRecord(world),
        new NothingAfterCommit(world),
        new ProbesWithinLeases(world),
        new AttemptsBounded(world),
        new RetryBudgetHolds(world),
        new RetryAfterObeyed(world),
        new EveryTargetIsTried(world),
        new TrafficComesBack(world),
        new EveryClientIsTold(world),
        new AnswersAreTrue(world),
        new RequestsArriveAsMeant(world),
        new RecordsAreTrue(world),
        new LimitsEndRequests(world),
        new EverythingIsGivenBack(world),
        new FiguresAgree(world),
        new MoneyAgrees(world),
        new NothingBreaksInside(world),
    ];

    /// <summary>The names of all.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(Invariant).Assembly.GetTypes().Where(t => t.BaseType == typeof(Invariant)).Select(t => t.Name)];

    /// <summary>Its name: what holds.</summary>
    public string Name => GetType().Name;

    /// <summary>What it means.</summary>
    public abstract string Meaning { get; }

    /// <summary>The world.</summary>
    protected World World => world;

    /// <summary>A request reaches a provider.</summary>
    public virtual void Attempts(Book book, UpstreamAttempt attempt)
    {
        // Not of interest here.
    }

    /// <summary>A provider has read the request.</summary>
    public virtual void Asks(Book book, UpstreamAttempt attempt, Asked asked)
    {
        // Not of interest here.
    }

    /// <summary>A request asks to be let in to a target.</summary>
    public virtual void Enters(Book book, Place place, BreakerAdmission entry, BreakerState state, TimeSpan now)
    {
        // Not of interest here.
    }

    /// <summary>A request counts for a target's retry budget.</summary>
    public virtual void CountsRequest(Place place, TimeSpan now)
    {
        // Not of interest here.
    }

    /// <summary>A retry is asked for.</summary>
    public virtual void TakesRetry(Place place, bool taken, RetryOptions options, TimeSpan now)
    {
        // Not of interest here.
    }

    /// <summary>The last retry that was taken is given back.</summary>
    public virtual void ReturnsRetry(Place place)
    {
        // Not of interest here.
    }

    /// <summary>A target is to be left alone.</summary>
    public virtual void LeavesAlone(Place place, TimeSpan until)
    {
        // Not of interest here.
    }

    /// <summary>A probe shows life, or its request is through with the target.</summary>
    public virtual void Settles(Book book, Place place, ProbeLease lease)
    {
        // Not of interest here.
    }

    /// <summary>A record is written.</summary>
    public virtual void Records(Book book, RequestRecord record)
    {
        // Not of interest here.
    }

    /// <summary>A gateway is through with a request.</summary>
    public virtual void IsThrough(Book book)
    {
        // Not of interest here.
    }

    /// <summary>All requests are through, or time is up.</summary>
    public virtual void RunIsOver()
    {
        // Not of interest here.
    }

    /// <summary>All gateways have flushed and stopped.</summary>
    public virtual void GatewaysAreStopped()
    {
        // Not of interest here.
    }

    /// <summary>It does not hold.</summary>
    protected void Fail(string what, Book? book = null) => world.Referee.Fail(Name, what, book?.Index ?? -1);

    /// <summary>It does not hold, when the condition is false.</summary>
    protected void Must(bool holds, string otherwise, Book? book = null)
    {
        if (!holds)
        {
            Fail(otherwise, book);
        }
    }
}
