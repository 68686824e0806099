using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;
using Relay.Simulation.Planted;
using Relay.Simulation.Time;
using Relay.Simulation.Tracing;

namespace Relay.Simulation.Gateways;

/// <summary>The way from one gateway to the grains: calls are late, fail before the grain took its delta, or after it, with the answer lost.</summary>
/// <param name="world">The world.</param>
/// <param name="gateway">The gateway's number.</param>
/// <param name="rng">Draws what fails.</param>
internal sealed class FaultyGrains(World world, int gateway, Rng rng) : IGrains
{
    /// <summary>Nothing fails any more: the run is over, and what waits must get through.</summary>
    public bool IsCalm { get; set; }

    /// <inheritdoc/>
    public ValueTask<TargetView> ApplyAsync(TargetDelta delta, CancellationToken cancellation) =>
        CallAsync(delta.Target, again => world.Grains.ApplyAsync(again ? delta with { Gateway = delta.Gateway + "2" } : delta, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public async ValueTask<Receipt> ApplyAsync(ModelDelta delta, CancellationToken cancellation) => await CallAsync(
        delta.Model, again => world.Grains.ApplyAsync(again ? delta with { Gateway = delta.Gateway + "2" } : delta, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<TargetBreakerState> GetBreakerAsync(string target, CancellationToken cancellation) => world.Grains.GetBreakerAsync(target, cancellation);

    /// <inheritdoc/>
    public ValueTask<TargetBreakerState> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation) => world.Grains.SetBreakerAsync(target, force, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FailoverStory>> GetStoriesAsync(string model, CancellationToken cancellation) => world.Grains.GetStoriesAsync(model, cancellation);

    /// <inheritdoc/>
    public ValueTask<TargetStats> GetTargetAsync(string target, Window window, CancellationToken cancellation) => world.Grains.GetTargetAsync(target, window, cancellation);

    /// <inheritdoc/>
    public ValueTask<ModelStats> GetModelAsync(string model, Window window, CancellationToken cancellation) => world.Grains.GetModelAsync(model, window, cancellation);

    /// <inheritdoc/>
    public ValueTask<MeterSeries> GetTargetSeriesAsync(string target, SeriesQuery query, CancellationToken cancellation) => world.Grains.GetTargetSeriesAsync(target, query, cancellation);

    /// <inheritdoc/>
    public ValueTask<MeterSeries> GetModelSeriesAsync(string model, SeriesQuery query, CancellationToken cancellation) => world.Grains.GetModelSeriesAsync(model, query, cancellation);

    private async ValueTask<T> CallAsync<T>(string name, Func<bool, ValueTask<T>> apply, CancellationToken cancellation)
    {
        var share = IsCalm ? 0 : world.Plan.GrainsAway.Contains(world.Time.Elapsed) ? 1 : world.Plan.GrainFaults;
        if (share == 0 || !rng.Chance(share))
        {
            return await apply(false);
        }

        world.Tell(Happening.DeltaFails, gateway: gateway);
        switch (rng.Below(4))
        {
            case 0 when world.Plan.Bug == PlantedBug.LosesDelta:
                return default!;
            case 0:
                throw new IOException($"The grain of {name} is away.");
            case 1:
                await Outside.Run((world.Time, Seconds: rng.Seconds(0, 4), cancellation), static s => Pause.For(s.Time, s.Seconds, s.cancellation));
                return await apply(false);
            default:
                // It took the delta; the answer is lost.
                await apply(false);
                if (world.Plan.Bug == PlantedBug.CountsDeltaTwice)
                {
                    await apply(true);
                }

                throw new IOException($"The answer of the grain of {name} is lost.");
        }
    }
}
