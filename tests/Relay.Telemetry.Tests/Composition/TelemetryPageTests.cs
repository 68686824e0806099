using System.Reflection;
using System.Text.RegularExpressions;
using Relay.Gateway.Telemetry;
using Relay.ServiceDefaults.Telemetry;
using Relay.Telemetry.Tests.Metrics;

namespace Relay.Telemetry.Tests.Composition;

/// <summary>docs/telemetry.md and the code say the same: variables, attributes, events, metrics with their boundaries.</summary>
public sealed partial class TelemetryPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "telemetry.md"));

    [Fact]
    public void Variables_AreThoseThatAreRead() =>
        Assert.Equal(TelemetryReader.Names.Order(), Names("## Variables", "OTEL_").Distinct().Order());

    [Fact]
    public void AttributesAndEvents_AreThoseOfTheCode()
    {
        string[] notOfSpans = [GenAi.Scope, GenAi.TokenType];
        var code = typeof(GenAi).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral)
            .Select(f => (string)f.GetRawConstantValue()!).Except(notOfSpans).Select(name => name.EndsWith('.') ? name + "*" : name);

        Assert.Equal(code.Order(), Names("## Spans", "gen_ai.", "relay.", "error.", "server.", "http.").Distinct().Order());
    }

    [Fact]
    public void Metrics_AreThoseOfTheConventionsWithUnitsAndBoundaries()
    {
        var rows = MetricRow().Matches(Page).ToDictionary(
            m => m.Groups["name"].Value, m => (m.Groups["unit"].Value, m.Groups["bounds"].Value.Split(", ").Select(b => double.Parse(b, System.Globalization.CultureInfo.InvariantCulture)).ToArray()));

        Assert.Equal(GenAiMetricTests.Conventions.Count, rows.Count);
        foreach (var row in GenAiMetricTests.Conventions)
        {
            var (name, unit, bounds) = row.Data;
            Assert.Equal(unit, rows[name].Item1);
            Assert.Equal(bounds, rows[name].Item2);
        }
    }

    /// <summary>The names in the first column of the tables of a section.</summary>
    private static IEnumerable<string> Names(string section, params string[] prefixes)
    {
        var start = Page.IndexOf(section + "\n", StringComparison.Ordinal);
        var end = Page.IndexOf("\n## ", start, StringComparison.Ordinal);
        return from row in Page[start..end].Split('\n')
               where row.StartsWith("| `", StringComparison.Ordinal)
               from Match name in Code().Matches(row.Split('|')[1])
               let text = name.Groups["text"].Value
               where prefixes.Any(p => text.StartsWith(p, StringComparison.Ordinal))
               select text;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "RelayAspire.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| `(?<name>gen_ai\.[a-z_.]+)` \| `(?<unit>[^`]+)` \| [^|]+ \| (?<bounds>[0-9., ]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex MetricRow();
}
