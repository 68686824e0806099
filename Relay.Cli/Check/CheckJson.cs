using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Gateway.Config;

namespace Relay.Cli.Check;

/// <summary>
/// A check's report for scripts: <c>valid</c>, <c>file</c>, <c>version</c>, <c>errors</c> (<c>path</c>, <c>message</c>, <c>fix</c>),
/// <c>notes</c>, and of a right file <c>listen</c>, <c>dataDir</c>, <c>providers</c>, <c>models</c> and <c>keys</c>. No secret is in it.
/// </summary>
internal static class CheckJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(CheckReport report)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("valid", report.IsValid);
            json.WriteString("file", report.File);
            json.WriteString("version", report.Result.Version);
            WriteErrors(json, report);
            WriteStrings(json, "notes", report.Notes);
            if (report.Result.Config is { } config)
            {
                WriteSummary(json, config);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteErrors(Utf8JsonWriter json, CheckReport report)
    {
        json.WriteStartArray("errors");
        foreach (var error in report.Result.Errors)
        {
            json.WriteStartObject();
            json.WriteString("path", error.Path);
            json.WriteString("message", error.Message);
            json.WriteString("fix", error.Fix);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSummary(Utf8JsonWriter json, RelayConfig config)
    {
        json.WriteStartObject("listen");
        json.WriteString("gateway", config.Listen.Gateway.ToString());
        json.WriteString("api", config.Listen.Api.ToString());
        json.WriteEndObject();
        json.WriteString("dataDir", config.DataDir);
        json.WriteStartArray("providers");
        foreach (var provider in config.Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", provider.Name);
            json.WriteString("baseUrl", provider.BaseUrl.AbsoluteUri);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (var model in config.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteString("strategy", CheckText.Strategy(model));
            WriteStrings(json, "targets", model.Targets.Select(t => t.Name));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteStrings(json, "keys", config.Keys.Select(k => k.Name));
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
