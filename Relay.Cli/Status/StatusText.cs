using System.Text;
using Relay.Cli.Server;
using Relay.Cli.Top;

namespace Relay.Cli.Status;

/// <summary>A report for people.</summary>
internal static class StatusText
{
    public static string Write(StatusReport report)
    {
        var minute = report.Stats.Total;
        var text = new StringBuilder();
        text.Append($"Relay {Printable.Text(report.Info.Version)} on {report.Address} is {(report.IsHealthy ? "healthy" : "degraded")}.\n\n");
        text.Append($"Last minute    {Format.Count(minute.Count)} {(minute.Count == 1 ? "request" : "requests")}, {Success(minute)}, p95 {Format.Milliseconds(minute.LatencyMs?.P95)}, {minute.Active} active\n");
        text.Append($"Models         {(report.Info.Models.Count == 0 ? "none" : Printable.Text(string.Join(", ", report.Info.Models)))}\n");
        text.Append($"Breakers       {Breakers(report)}\n");
        text.Append($"Gateway        {Printable.Text(report.Info.GatewayUrl)}\n");
        text.Append($"Configuration  version {Printable.Text(report.Info.ConfigVersion)}");
        foreach (var problem in report.Problems)
        {
            text.Append($"{(problem == report.Problems[0] ? "\n\nDegraded because\n" : "\n")}  - {problem}");
        }

        return text.ToString();
    }

    private static string Success(V1.Figures minute) => minute.HasSuccessRate ? $"{Format.Percent(minute.SuccessRate)} well" : "none ended";

    private static string Breakers(StatusReport report)
    {
        var all = report.Stats.Models.SelectMany(model => model.Targets).Select(target => target.Target).Distinct(StringComparer.Ordinal).Count();
        return report.Broken.Count == 0 ? $"all {all} closed" : $"{all - report.Broken.Count} of {all} closed";
    }
}
