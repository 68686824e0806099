using Relay.Cli.Server;
using Relay.V1;

namespace Relay.Cli.Status;

/// <summary>How a Relay is.</summary>
/// <param name="Address">Where it was asked.</param>
/// <param name="IsServing">It says that it takes calls.</param>
/// <param name="Info">Versions and names.</param>
/// <param name="Stats">The figures of the last minute.</param>
internal sealed record StatusReport(ServerAddress Address, bool IsServing, GetInfoResponse Info, ListModelsResponse Stats)
{
    /// <summary>What is not as it should be, for people; empty when it is healthy.</summary>
    public IReadOnlyList<string> Problems { get; } = [.. Find(IsServing, Stats)];

    /// <summary>Nothing is wrong.</summary>
    public bool IsHealthy => Problems.Count == 0;

    /// <summary>The targets whose breakers are open or half-open, or not known, in the models' order, each once.</summary>
    public IReadOnlyList<TargetFigures> Broken { get; } =
        [.. Stats.Models.SelectMany(model => model.Targets).Where(target => !IsClosed(target)).DistinctBy(target => target.Target, StringComparer.Ordinal)];

    /// <summary>Asks a server.</summary>
    /// <exception cref="ServerProblem">There is no answer.</exception>
    public static async Task<StatusReport> AskAsync(StatsServer server, CancellationToken cancellation) => new(
        server.Address,
        await server.IsServingAsync(cancellation),
        await server.GetInfoAsync(cancellation),
        await server.ListModelsAsync(Window._1M, cancellation));

    /// <summary>Traffic flows, if only step by step.</summary>
    private static bool IsClosed(TargetFigures target) => target.Breaker?.State is BreakerState.Closed or BreakerState.Ramping;

    private static IEnumerable<string> Find(bool isServing, ListModelsResponse stats)
    {
        if (!isServing)
        {
            yield return "the server is not ready to serve: it is stopping, or its grains do not answer";
        }

        var targets = stats.Models.SelectMany(model => model.Targets).DistinctBy(target => target.Target, StringComparer.Ordinal);
        foreach (var target in targets.Where(target => !IsClosed(target)))
        {
            yield return target.Breaker is { } breaker
                ? $"the breaker of {Printable.Text(target.Target)} is {Words.Of(breaker.State).Replace('_', '-')} ({BreakerText.Why(breaker)})"
                : $"no gateway has reported of {Printable.Text(target.Target)} for 10 s";
        }

        foreach (var model in stats.Models.Where(model => !model.Targets.Any(IsClosed)))
        {
            yield return $"the model {Printable.Text(model.Model)} has no target with a closed breaker";
        }
    }
}
