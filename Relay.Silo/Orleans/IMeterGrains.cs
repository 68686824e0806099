using Orleans.Concurrency;
using Relay.Silo.Orleans.Wire;

namespace Relay.Silo.Orleans;

/// <summary>What a target's and a model's grain share. Methods are found by their aliases, which never change their meaning.</summary>
public interface IMeterGrain : IGrainWithStringKey
{
    /// <summary>Merges a delta.</summary>
    [Alias("apply")]
    Task<ViewWire> ApplyAsync(DeltaWire delta);

    /// <summary>Takes over what a gateway reported before the grain first heard it.</summary>
    [Alias("restore")]
    Task<bool> RestoreAsync(DeliveryWire delivery);

    /// <summary>The figures over a window.</summary>
    [Alias("stats")]
    Task<StatsWire> GetStatsAsync(int window);

    /// <summary>One part along a window.</summary>
    [Alias("series")]
    Task<SeriesWire> GetSeriesAsync(SeriesQueryWire query);
}

/// <summary>The owner of one target.</summary>
[Alias("relay.target")]
public interface ITargetGrain : IMeterGrain
{
    /// <summary>Its breaker, what was decided for it, and how it changed.</summary>
    [Alias("breaker")]
    Task<BreakerStateWire> GetBreakerAsync();

    /// <summary>Holds its breaker open or closed, or resets it.</summary>
    [Alias("decide")]
    Task<BreakerStateWire> DecideAsync(int force);
}

/// <summary>The owner of one model.</summary>
[Alias("relay.model")]
public interface IModelGrain : IMeterGrain
{
    /// <summary>The latest failovers and rescues of its requests, newest first.</summary>
    [Alias("stories")]
    Task<StoryWire[]> GetStoriesAsync();
}

/// <summary>A gateway, told at once when the cluster's view of a target changed.</summary>
[Alias("relay.observer")]
public interface IViewObserver : IGrainObserver
{
    /// <summary>The view changed. Nobody waits for it; one that is lost comes with the next delta.</summary>
    [OneWay, Alias("view")]
    Task OnViewAsync(string target, ViewWire view);
}
