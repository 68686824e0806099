using Relay.Core.Latency;

namespace Relay.Api.Stats;

/// <content>Targets by themselves.</content>
public sealed partial class StatsQuery
{
    /// <summary>All targets, in the order in which the models name them first.</summary>
    public Task<TargetsReport> GetTargetsAsync(Window window, CancellationToken cancellation) => GetTargetsAsync(Uses(), window, cancellation);

    /// <summary>One target; null when no model uses one of that name.</summary>
    public async Task<TargetsReport?> FindTargetAsync(string target, Window window, CancellationToken cancellation)
    {
        var uses = Uses();
        uses.RemoveAll(use => use.Target != target);
        return uses.Count == 0 ? null : await GetTargetsAsync(uses, window, cancellation);
    }

    private async Task<TargetsReport> GetTargetsAsync(List<(string Target, List<string> Models)> uses, Window window, CancellationToken cancellation)
    {
        var targets = new List<TargetUse>(uses.Count);
        foreach (var (target, models) in uses)
        {
            targets.Add(new TargetUse(Figures(await grains.GetTargetAsync(target, window, cancellation)), models));
        }

        return new TargetsReport(window, time.GetUtcNow(), targets);
    }

    private List<(string Target, List<string> Models)> Uses()
    {
        var places = new Dictionary<string, int>();
        var uses = new List<(string Target, List<string> Models)>();
        foreach (var model in topology.Models)
        {
            foreach (var target in model.Targets)
            {
                if (places.TryAdd(target, uses.Count))
                {
                    uses.Add((target, []));
                }

                var models = uses[places[target]].Models;
                if (models.Count == 0 || models[^1] != model.Model)
                {
                    models.Add(model.Model);
                }
            }
        }

        return uses;
    }
}
