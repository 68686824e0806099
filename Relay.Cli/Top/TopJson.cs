using Relay.Cli.CommandLine;
using Relay.Cli.Server;
using Relay.V1;

namespace Relay.Cli.Top;

/// <summary>Figures for scripts, with the fields of <c>/api/v1/models</c> and <c>/api/v1/watch</c> (docs/api.md).</summary>
internal static class TopJson
{
    /// <summary>One object over several lines: what <c>/api/v1/models</c> answers.</summary>
    public static string Write(ListModelsResponse stats, string? only) =>
        JsonLine.Object(isIndented: true, json => FiguresJson.WriteModels(json, Only(stats, only)));

    /// <summary>One object on one line: an event of <c>/api/v1/watch</c>.</summary>
    public static string Write(StatsFrame frame, string? only) => JsonLine.Object(isIndented: false, json =>
    {
        json.WriteNumber("sequence", frame.Sequence);
        FiguresJson.WriteModels(json, Only(frame.Stats, only));
        json.WriteStartArray("failovers");
        foreach (var story in frame.Failovers.Where(story => only is null || story.Model == only))
        {
            FiguresJson.WriteFailover(json, story);
        }

        json.WriteEndArray();
    });

    private static ListModelsResponse Only(ListModelsResponse stats, string? only)
    {
        if (only is null)
        {
            return stats;
        }

        var cut = new ListModelsResponse { Window = stats.Window, GeneratedAt = stats.GeneratedAt, Total = stats.Total };
        cut.Models.AddRange(stats.Models.Where(model => model.Model == only));
        return cut;
    }
}
