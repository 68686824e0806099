using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Api.Stats;
using Relay.Core.Breaker;
using Relay.Silo.Grains;

namespace Relay.Api.Tests;

/// <summary>docs/api.md and the answers name the same fields.</summary>
public partial class ApiDocsTests
{
    private static readonly string[] NotInTotal = ["model", "strategy", "targets"];

    [Fact]
    public async Task DocumentedFields_AreTheAnswersFields()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var root = await api.GetJsonAsync("/api/v1/models");
        var model = root.GetProperty("models")[0];
        var target = model.GetProperty("targets")[0];
        using var error = await api.SendAsync("GET", "/api/v1/models/nope");

        AssertFields(root, "Answer");
        AssertFields(model, "Model", "Figures");
        AssertFields(target, "Target", "Figures");
        AssertFields(model.GetProperty("latencyMs"), "Distribution");
        AssertFields(model.GetProperty("firstTokenMs"), "Distribution");
        AssertFields(model.GetProperty("interTokenMs"), "Distribution");
        AssertFields(model.GetProperty("tokensPerSecond"), "Distribution");
        AssertFields(model.GetProperty("tokens"), "Tokens");
        Assert.Equal(Fields("Endpoint").Except(["attempts"]).Order(), Names(model.GetProperty("endpoints").GetProperty("chat.completions")));
        Assert.Equal(Fields("Endpoint").Except(["requests"]).Order(), Names(target.GetProperty("endpoints").GetProperty("_other")));
        AssertFields(target.GetProperty("breaker"), "Breaker");
        AssertFields(await api.GetJsonAsync("/api/v1/targets"), "Targets");
        AssertFields(await api.GetJsonAsync("/api/v1/targets/openai/gpt-4.1"), "One target", "Target", "Figures");
        AssertFields(await api.GetJsonAsync("/api/v1/info"), "Info");
        AssertFields((await RunningApi.JsonAsync(error, System.Net.HttpStatusCode.NotFound)).GetProperty("error"), "Error");
        Assert.Equal(Fields("Model", "Figures").Except(NotInTotal).Order(), Names(root.GetProperty("total")));
    }

    [Fact]
    public async Task DocumentedSeries_IsTheAnswer()
    {
        await using var api = await RunningApi.StartAsync();
        var overall = await api.GetJsonAsync("/api/v1/series?metric=requests");
        AssertFields(overall, "Series");
        AssertFields(overall.GetProperty("points")[0], "Point");
        Assert.Equal(Fields("Series").Append("model").Order(), Names(await api.GetJsonAsync("/api/v1/models/chat/series?metric=requests")));
        Assert.Equal(Fields("Series").Append("target").Order(), Names(await api.GetJsonAsync("/api/v1/targets/openai/gpt-4.1/series?metric=requests")));
    }

    [Fact]
    public async Task DocumentedBreakersFailoversAuditAndHeatmap_AreTheAnswers()
    {
        await using var api = await Admin.Control.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        await api.Grains.ApplyAsync(
            new TargetDelta("g", 2, "openai/gpt-4.1", null, Traffic.Closed, 0) { Changes = [new(Traffic.Start, BreakerState.Open, BreakerState.HalfOpen, BreakerReason.ProbeGranted)] }, default);
        await api.Grains.ApplyAsync(
            new ModelDelta("g", 2, "chat", null, 0) { Stories = [new(Traffic.Start, FailoverKind.Rescue, "chat", "r", "a", "b", null, TimeSpan.Zero, true)] }, default);
        using var put = await Admin.Control.PutAsync(api, "openai/gpt-4.1", """{"force":"open"}""");
        using var audit = await api.SendAsync("GET", "/api/v1/audit", ("Authorization", $"Bearer {Admin.Control.Token}"));

        var all = await api.GetJsonAsync("/api/v1/breakers");
        AssertFields(all, "Breakers of all");
        AssertFields(all.GetProperty("breakers")[0], "Target breaker");
        AssertFields(all.GetProperty("breakers")[0].GetProperty("transitions")[0], "Transition");
        Assert.Equal(Fields("Target breaker").Append("generatedAt").Order(), Names(await RunningApi.JsonAsync(put, System.Net.HttpStatusCode.OK)));
        var failovers = await api.GetJsonAsync("/api/v1/failovers");
        AssertFields(failovers, "Failovers answer");
        AssertFields(failovers.GetProperty("failovers")[0], "Failover");
        var entries = await RunningApi.JsonAsync(audit, System.Net.HttpStatusCode.OK);
        AssertFields(entries, "Audit answer");
        AssertFields(entries.GetProperty("entries")[0], "Audit entry");
        var map = await api.GetJsonAsync("/api/v1/heatmap");
        AssertFields(map, "Heat-map");
        AssertFields(map.GetProperty("columns")[0], "Column");
        Assert.Equal(HeatmapMetric.All.Select(metric => metric.Name), Rows("Heat-maps", "## ").Select(row => Quoted().Match(row)).Where(m => m.Success).Select(m => m.Groups["name"].Value));
    }

    [Fact]
    public async Task DocumentedTrails_AreTheAnswer()
    {
        await using var api = await RunningApi.StartAsync();
        var root = await api.GetJsonAsync("/api/v1/trails");
        AssertFields(root, "Trails");
        Assert.Equal(Fields("Trail").Except(["target", "attempts"]).Order(), Names(root.GetProperty("models")[0]));
        Assert.Equal(Fields("Trail").Except(["model", "requests"]).Order(), Names(root.GetProperty("targets")[0]));
    }

    [Fact]
    public void DocumentedMetrics_AreThoseThatCanBeAskedFor()
    {
        var documented =
            from row in Rows("Metrics")
            let cells = row.Split('|')
            from name in Quoted().Matches(cells[1]).Select(match => match.Groups["name"].Value)
            select (name, cells[2].Trim());
        Assert.Equal(SeriesMetric.All.Select(metric => (metric.Name, metric.Unit)), documented);
    }

    [Fact]
    public void UnknownSection_HasNoFields() => Assert.Empty(Fields("Nothing of that name"));

    private static void AssertFields(JsonElement answer, params string[] sections) => Assert.Equal(Fields(sections).Order(), Names(answer));

    private static IEnumerable<string> Names(JsonElement answer) => answer.EnumerateObject().Select(p => p.Name).Order();

    /// <summary>The first column of the first table under each heading.</summary>
    private static IEnumerable<string> Fields(params string[] sections) =>
        from section in sections
        from row in Rows(section)
        let field = Field().Match(row)
        where field.Success
        select field.Groups["name"].Value;

    private static IEnumerable<string> Rows(string section, string level = "### ") =>
        File.ReadLines(DocPath()).SkipWhile(line => line != level + section).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'));

    private static string DocPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "RelayAspire.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "api.md");
    }

    [GeneratedRegex("`(?<name>[a-z0-9_]+)`", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Quoted();

    [GeneratedRegex("^\\| `(?<name>[A-Za-z0-9_]+)` \\|", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Field();
}
