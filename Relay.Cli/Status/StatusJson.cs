using System.Text.Json;
using Relay.Cli.CommandLine;
using Relay.Cli.Server;

namespace Relay.Cli.Status;

/// <summary>A report for scripts; docs/cli.md lists its fields, and figures and breakers are those of /api/v1.</summary>
internal static class StatusJson
{
    public static string Write(StatusReport report) => JsonLine.Object(isIndented: true, json =>
    {
        WriteHead(json, report.IsHealthy ? "healthy" : "degraded", report.Address);
        WriteStrings(json, "problems", report.Problems);
        json.WriteString("version", report.Info.Version);
        json.WriteString("configVersion", report.Info.ConfigVersion);
        json.WriteString("gatewayUrl", report.Info.GatewayUrl);
        json.WriteBoolean("serving", report.IsServing);
        WriteStrings(json, "models", report.Info.Models);
        json.WriteStartArray("notClosed");
        foreach (var target in report.Broken)
        {
            json.WriteStartObject();
            json.WriteString("target", target.Target);
            FiguresJson.WriteBreaker(json, target.Breaker);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("lastMinute");
        FiguresJson.WriteRequests(json, report.Stats.Total);
        json.WriteEndObject();
    });

    public static string WriteUnreachable(ServerAddress address, string problem) => JsonLine.Object(isIndented: true, json =>
    {
        WriteHead(json, "unreachable", address);
        WriteStrings(json, "problems", [problem]);
    });

    private static void WriteHead(Utf8JsonWriter json, string status, ServerAddress address)
    {
        json.WriteString("status", status);
        json.WriteString("address", address.ToString());
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
