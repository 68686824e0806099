using Relay.Core.Breaker;
using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>Reaches the grains: the single owners of what is known cluster-wide of each target and model. One implementation per engine.</summary>
public interface IGrains
{
    /// <summary>Merges a gateway's delta into the target's grain and brings back the cluster's view.</summary>
    ValueTask<TargetView> ApplyAsync(TargetDelta delta, CancellationToken cancellation);

    /// <summary>Merges a gateway's delta into the model's grain.</summary>
    ValueTask<Receipt> ApplyAsync(ModelDelta delta, CancellationToken cancellation);

    /// <summary>
    /// True when the grains are shared with other gateways and live elsewhere: a gateway then follows the cluster's view of each target, and
    /// keeps what it has reported, for a grain that is lost and asks for it.
    /// </summary>
    bool IsShared => false;

    /// <summary>Hands a grain what it lacks of a gateway (<see cref="Receipt.WantsHistory"/>).</summary>
    /// <returns>False when it is not what is wanted; the next receipt says what is.</returns>
    ValueTask<bool> RestoreAsync(HistoryDelivery delivery, CancellationToken cancellation) => new(true);

    /// <summary>Told at once when the cluster's view of a target changed, as far as the engine can; a view that is not told comes with the next delta.</summary>
    /// <param name="listener">Called on any thread; must not block.</param>
    void Listen(Action<string, TargetView> listener)
    {
    }

    /// <summary>The target's breaker, what was decided for it, and how it changed; nothing of one that nothing was reported of.</summary>
    ValueTask<TargetBreakerState> GetBreakerAsync(string target, CancellationToken cancellation);

    /// <summary>Holds a target's breaker open or closed, or resets it (None). Gateways hear of it with the answer to their next delta.</summary>
    /// <exception cref="InvalidOperationException">There are so many targets that this one has no grain of its own.</exception>
    ValueTask<TargetBreakerState> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation);

    /// <summary>The latest failovers and rescues of a model's requests, newest first; at most <see cref="ModelGrain.MaxStories"/>.</summary>
    ValueTask<IReadOnlyList<FailoverStory>> GetStoriesAsync(string model, CancellationToken cancellation);

    /// <summary>The target's figures over a window; all zero for one that nothing was reported of.</summary>
    ValueTask<TargetStats> GetTargetAsync(string target, Window window, CancellationToken cancellation);

    /// <summary>The model's figures over a window; all zero for one that nothing was reported of.</summary>
    ValueTask<ModelStats> GetModelAsync(string model, Window window, CancellationToken cancellation);

    /// <summary>One part of the target's figures along a window; every step all zero for one that nothing was reported of.</summary>
    ValueTask<MeterSeries> GetTargetSeriesAsync(string target, SeriesQuery query, CancellationToken cancellation);

    /// <summary>One part of the model's figures along a window; every step all zero for one that nothing was reported of.</summary>
    ValueTask<MeterSeries> GetModelSeriesAsync(string model, SeriesQuery query, CancellationToken cancellation);
}

/// <summary>What is configured, as far as stats need it. The configuration's owner keeps it true.</summary>
public interface ITopology
{
    /// <summary>The models now, in the order of their names.</summary>
    IReadOnlyList<ModelTopology> Models { get; }

    /// <summary>The providers now, and how their credentials stand with this process; in the order of their names.</summary>
    IReadOnlyList<ProviderReport> Providers => [];

    /// <summary>The version of the configuration in force.</summary>
    string ConfigVersion { get; }
}

/// <summary>A model and its targets.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Strategy">How its targets are ordered: <c>priority</c>, <c>weighted</c> or <c>lowest-latency</c>.</param>
/// <param name="Targets">The names of its targets, in configured order.</param>
public sealed record ModelTopology(string Model, string Strategy, IReadOnlyList<string> Targets);
