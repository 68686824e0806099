using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <content>Failovers and rescues.</content>
public sealed partial class StatsQuery
{
    /// <summary>The latest failovers and rescues, newest first; none of a model or target that is not configured (<see cref="HasModel"/>, <see cref="HasTarget"/> tell).</summary>
    public async Task<FailoversReport> GetFailoversAsync(FailoverSelection selection, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(selection.Limit, nameof(selection));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(selection.Limit, FailoverSelection.MaxLimit, nameof(selection));
        var stories = new List<FailoverStory>();
        foreach (var model in topology.Models)
        {
            if (selection.Model is null || selection.Model == model.Model)
            {
                stories.AddRange(await grains.GetStoriesAsync(model.Model, cancellation));
            }
        }

        var wanted = stories
            .Where(story => selection.Target is not { } target || story.From == target || story.To == target)
            .OrderByDescending(story => story.At)
            .Take(selection.Limit);
        return new FailoversReport(time.GetUtcNow(), [.. wanted.Select(FailoverFigures.Of)]);
    }
}
