using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>The one way from grains to figures: every endpoint that shows stats asks here, so that all show the same. Only what is configured now is shown.</summary>
/// <param name="grains">Where the figures are.</param>
/// <param name="topology">What is configured.</param>
/// <param name="time">The clock of <see cref="StatsReport.GeneratedAt"/>.</param>
public sealed partial class StatsQuery(IGrains grains, ITopology topology, TimeProvider time)
{
    /// <summary>All models.</summary>
    public Task<StatsReport> GetAllAsync(Window window, CancellationToken cancellation) => GetAsync(topology.Models, window, cancellation);

    /// <summary>One model; null when none of that name is configured.</summary>
    public async Task<StatsReport?> FindAsync(string model, Window window, CancellationToken cancellation)
    {
        var found = topology.Models.FirstOrDefault(known => known.Model == model);
        return found is null ? null : await GetAsync([found], window, cancellation);
    }

    private async Task<StatsReport> GetAsync(IReadOnlyList<ModelTopology> models, Window window, CancellationToken cancellation)
    {
        // A target that several models share is asked once, so that its figures agree within one answer.
        var targets = new Dictionary<string, TargetFigures>();
        var meters = new List<MeterStats>(models.Count);
        var figures = new List<ModelFigures>(models.Count);
        foreach (var model in models)
        {
            var stats = await grains.GetModelAsync(model.Model, window, cancellation);
            meters.Add(stats.Meter);
            foreach (var target in model.Targets)
            {
                if (!targets.ContainsKey(target))
                {
                    targets[target] = Figures(await grains.GetTargetAsync(target, window, cancellation));
                }
            }

            figures.Add(new ModelFigures(model.Model, model.Strategy, MeterFigures.From(stats.Meter), [.. model.Targets.Select(target => targets[target])]));
        }

        return new StatsReport(window, time.GetUtcNow(), MeterFigures.From(MeterSum.Of(meters)), figures);
    }

    private static TargetFigures Figures(TargetStats stats) => new(stats.Target, MeterFigures.From(stats.Meter), BreakerFigures.From(stats.Breaker));
}
