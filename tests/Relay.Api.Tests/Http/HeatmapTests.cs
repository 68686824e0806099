using System.Net;
using System.Text.Json;

namespace Relay.Api.Tests.Http;

public class HeatmapTests
{
    [Theory]
    [InlineData("/api/v1/heatmap", null, 3)]
    [InlineData("/api/v1/models/chat/heatmap", "model", 3)]
    [InlineData("/api/v1/targets/openai/gpt-4.1/heatmap", "target", 1)]
    public async Task Heatmap_HoldsEveryValueOfTheWindow(string path, string? owner, int values)
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var map = await api.GetJsonAsync(path + "?window=5m");

        string[] head = owner is null ? [] : [owner];
        Assert.Equal([.. head, "metric", "unit", "window", "step", "generatedAt", "bounds", "columns"], map.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("latency", "ms", "5m", "15s"), (Text(map, "metric"), Text(map, "unit"), Text(map, "window"), Text(map, "step")));
        var columns = map.GetProperty("columns").EnumerateArray().ToArray();
        Assert.All(columns, column => Assert.Equal(["start", "end", "counts"], column.EnumerateObject().Select(p => p.Name)));
        Assert.All(columns, column => Assert.Contains(column.GetProperty("counts").GetArrayLength(), new[] { 0, map.GetProperty("bounds").GetArrayLength() }));
        Assert.Equal(values, columns.SelectMany(c => c.GetProperty("counts").EnumerateArray()).Sum(c => c.GetInt64()));
        Assert.Equal(columns[..^1].Select(c => Text(c, "end")), columns[1..].Select(c => Text(c, "start")));
    }

    [Theory]
    [InlineData("first_token", "ms", 1)]
    [InlineData("inter_token", "ms", 2)]
    [InlineData("tokens_per_second", "tokens/s", 1)]
    public async Task Metric_IsTheOneAskedFor(string metric, string unit, int values)
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var map = await api.GetJsonAsync($"/api/v1/models/chat/heatmap?metric={metric}&window=1h&step=10m");
        Assert.Equal((metric, unit, "10m"), (Text(map, "metric"), Text(map, "unit"), Text(map, "step")));
        Assert.Equal(values, map.GetProperty("columns").EnumerateArray().SelectMany(c => c.GetProperty("counts").EnumerateArray()).Sum(c => c.GetInt64()));
    }

    [Fact]
    public async Task NothingHappened_NoBoundsAndEmptyColumns()
    {
        await using var api = await RunningApi.StartAsync();
        var map = await api.GetJsonAsync("/api/v1/models/chat/heatmap");
        Assert.Equal(0, map.GetProperty("bounds").GetArrayLength());
        Assert.NotEqual(0, map.GetProperty("columns").GetArrayLength());
        Assert.All(map.GetProperty("columns").EnumerateArray(), column => Assert.Equal(0, column.GetProperty("counts").GetArrayLength()));
    }

    [Theory]
    [InlineData("/api/v1/heatmap?metric=latency_p95", HttpStatusCode.BadRequest, "invalid_parameter", "metric")]
    [InlineData("/api/v1/heatmap?metric=", HttpStatusCode.BadRequest, "invalid_parameter", "metric")]
    [InlineData("/api/v1/heatmap?window=2m", HttpStatusCode.BadRequest, "invalid_parameter", "window")]
    [InlineData("/api/v1/heatmap?step=0s", HttpStatusCode.BadRequest, "invalid_parameter", "step")]
    [InlineData("/api/v1/heatmap?rows=10", HttpStatusCode.BadRequest, "unknown_parameter", "rows")]
    [InlineData("/api/v1/models/nope/heatmap", HttpStatusCode.NotFound, "model_not_found", "model")]
    [InlineData("/api/v1/targets/nope/heatmap", HttpStatusCode.NotFound, "target_not_found", "target")]
    public async Task WrongQuestion_IsRefused(string path, HttpStatusCode status, string code, string param)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", path);
        await RunningApi.AssertErrorAsync(answer, status, code, param);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
