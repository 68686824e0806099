using System.Net;
using System.Text.Json;
using Relay.Api.Stats;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Http;

public class SeriesTests
{
    private const string Chat = "/api/v1/models/chat/series";

    [Fact]
    public async Task ModelSeries_HasItsHeadAndEveryStep()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        api.Time.Advance(TimeSpan.FromSeconds(33));
        var root = await api.GetJsonAsync($"{Chat}?metric=requests&window=1m&step=17s");

        Assert.Equal(
            """{"model":"chat","metric":"requests","unit":"count","window":"1m","step":"20s","generatedAt":"2026-01-01T00:00:33Z","points":[""" +
            """{"start":"2025-12-31T23:59:30Z","end":"2025-12-31T23:59:40Z","value":0},{"start":"2025-12-31T23:59:40Z","end":"2026-01-01T00:00:00Z","value":0},""" +
            """{"start":"2026-01-01T00:00:00Z","end":"2026-01-01T00:00:20Z","value":3},{"start":"2026-01-01T00:00:20Z","end":"2026-01-01T00:00:33Z","value":0}]}""",
            root.GetRawText());
    }

    [Theory]
    [InlineData("requests", "count", "3")]
    [InlineData("attempts", "count", "4")]
    [InlineData("errors", "count", "1")]
    [InlineData("success_rate", "ratio", "0.666666")]
    [InlineData("retries", "count", "0")]
    [InlineData("failovers", "count", "1")]
    [InlineData("rescues", "count", "1")]
    [InlineData("wasted_tokens", "count", "9")]
    [InlineData("wasted_cost_usd", "USD", "0.000000009")]
    [InlineData("tokens", "count", "107")]
    [InlineData("cost_usd", "USD", "1.234567891")]
    [InlineData("latency_p50", "ms", "2.511")]
    [InlineData("latency_p99", "ms", "100")]
    [InlineData("latency_avg", "ms", "34.667")]
    [InlineData("first_token_p90", "ms", "1")]
    [InlineData("inter_token_avg", "ms", "0.015")]
    [InlineData("tokens_per_second_p50", "tokens/s", "45.678")]
    public async Task EveryMetric_IsTheFigureOfItsStep(string metric, string unit, string value)
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var root = await api.GetJsonAsync($"{Chat}?metric={metric}");

        Assert.Equal((unit, "5m", "15s"), (root.GetProperty("unit").GetString(), root.GetProperty("window").GetString(), root.GetProperty("step").GetString()));
        Assert.Equal(21, root.GetProperty("points").GetArrayLength());
        Assert.Equal(value, Values(root)[^1]);
    }

    [Fact]
    public async Task EmptySteps_AreZeroForCountsAndNullForWhatCannotBeTold()
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var metric in SeriesMetric.All)
        {
            var isCount = metric.Unit is "count" or "USD";
            Assert.All(Values(await api.GetJsonAsync($"{Chat}?metric={metric.Name}")), value => Assert.Equal(isCount ? "0" : "null", value));
        }
    }

    [Fact]
    public async Task TargetSeries_IsOfItsAttempts()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        foreach (var path in new[] { "openai/gpt-4.1", "openai%2Fgpt-4.1" })
        {
            var root = await api.GetJsonAsync($"/api/v1/targets/{path}/series?metric=attempts");
            Assert.Equal(("openai/gpt-4.1", "4"), (root.GetProperty("target").GetString(), Values(root)[^1]));
        }

        Assert.Equal("null", Values(await api.GetJsonAsync("/api/v1/targets/openai/gpt-4.1/series?metric=cost_usd"))[^1]);
    }

    [Fact]
    public async Task OverallSeries_IsOfAllModelsFromTheirMergedDistributions()
    {
        await using var api = await RunningApi.StartAsync();
        await ReportAsync("chat", 99, 1_000);
        await ReportAsync("openai/gpt-4.1", 1, 1_000_000);
        var requests = await api.GetJsonAsync("/api/v1/series?metric=requests&window=1m");

        Assert.False(requests.TryGetProperty("model", out _));
        Assert.Equal("100", Values(requests)[^1]);
        Assert.InRange(decimal.Parse(Values(await api.GetJsonAsync("/api/v1/series?metric=latency_p99&window=1m"))[^1]), 0.99m, 1.01m);
        Assert.Equal("10.99", Values(await api.GetJsonAsync("/api/v1/series?metric=latency_avg&window=1m"))[^1]);

        async Task ReportAsync(string model, int count, long micros) => await api.Grains.ApplyAsync(
            new ModelDelta("g", 1, model, new MeterDelta(Traffic.Counts((Counters.Count, count)), Traffic.Times([.. Enumerable.Repeat(micros, count)]), Traffic.Times(), Traffic.Times(), Traffic.Times()), 1),
            default);
    }

    [Fact]
    public async Task OverallSeries_AddsUpToTheTotal()
    {
        await using var api = await RunningApi.StartAsync();
        for (var sequence = 1; sequence <= 40; sequence++)
        {
            var counts = Traffic.Counts((Counters.Count, sequence), (Counters.Error(ErrorKind.ProviderError), 1));
            await api.Grains.ApplyAsync(new ModelDelta("g", sequence, sequence % 3 == 0 ? "chat" : "openai/gpt-4.1", new MeterDelta(counts, Traffic.Times(), Traffic.Times(), Traffic.Times(), Traffic.Times()), 0), default);
            api.Time.Advance(TimeSpan.FromSeconds(11));
        }

        foreach (var window in new[] { "1m", "5m", "1h", "24h" })
        {
            var total = (await api.GetJsonAsync($"/api/v1/models?window={window}")).GetProperty("total").GetProperty("requests").GetInt64();
            Assert.Equal(total, Values(await api.GetJsonAsync($"/api/v1/series?metric=requests&window={window}")).Sum(long.Parse));
        }
    }

    [Fact]
    public async Task NoModels_OverallSeriesHasNoPoints()
    {
        await using var api = await RunningApi.StartAsync([]);
        Assert.Empty(Values(await api.GetJsonAsync("/api/v1/series?metric=requests")));
    }

    [Theory]
    [InlineData("1m", "1s", "5s")]
    [InlineData("5m", "15s", "15s")]
    [InlineData("5m", "16s", "30s")]
    [InlineData("5m", "5m", "5m")]
    [InlineData("1h", "61s", "2m")]
    [InlineData("1h", "000001h", "1h")]
    [InlineData("24h", "1s", "30m")]
    [InlineData("24h", "90m", "90m")]
    [InlineData("24h", "86400s", "24h")]
    public async Task Step_IsRoundedUpToWholeSlicesAndSaysSo(string window, string step, string used)
    {
        await using var api = await RunningApi.StartAsync();
        var root = await api.GetJsonAsync($"{Chat}?metric=latency_p95&window={window}&step={step}");
        Assert.Equal(used, root.GetProperty("step").GetString());
        Assert.InRange(root.GetProperty("points").GetArrayLength(), 1, 49);
    }

    [Theory]
    [InlineData("", "invalid_parameter", "metric", "missing; it must be one of requests, ")]
    [InlineData("metric=", "invalid_parameter", "metric", "latency_p50, latency_p90")]
    [InlineData("metric=Requests", "invalid_parameter", "metric", "success_rate")]
    [InlineData("metric=requests&metric=errors", "invalid_parameter", "metric", "one of")]
    [InlineData("metric=requests&window=2m", "invalid_parameter", "window", "1m, 5m, 1h, 24h")]
    [InlineData("metric=requests&window=1m&window=1m", "invalid_parameter", "window", "1m, 5m, 1h, 24h")]
    [InlineData("metric=requests&step=", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=0s", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=-5s", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=+5s", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=1.5m", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=15", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=s", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=1d", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&step=301s", "invalid_parameter", "step", "at most the window (5m)")]
    [InlineData("metric=requests&step=9999999s", "invalid_parameter", "step", "whole slices of 15s")]
    [InlineData("metric=requests&step=15s&step=15s", "invalid_parameter", "step", "15s, 2m or 1h")]
    [InlineData("metric=requests&stp=15s", "unknown_parameter", "stp", "metric, window (one of 1m, 5m, 1h, 24h) and step")]
    public async Task BadParameter_400SaysWhatIsAllowed(string query, string code, string param, string says)
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var path in new[] { Chat, "/api/v1/targets/openai/gpt-4.1/series", "/api/v1/series" })
        {
            using var answer = await api.SendAsync("GET", $"{path}?{query}");
            await RunningApi.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code, param);
            Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/api/v1/models/nope/series", "model")]
    [InlineData("/api/v1/models//series", "model")]
    [InlineData("/api/v1/targets/chat/series", "target")]
    public async Task UnknownName_404InErrorShape(string path, string kind)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", $"{path}?metric=requests");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.NotFound, $"{kind}_not_found", kind);
    }

    [Fact]
    public async Task NameThatEndsInSeries_IsAskedForWithItsSlashEncoded()
    {
        await using var api = await RunningApi.StartAsync([new("a/series", "priority", []), new("a", "priority", [])]);
        Assert.Equal("a/series", (await api.GetJsonAsync("/api/v1/models/a%2Fseries")).GetProperty("model").GetString());
        Assert.Equal("a", (await api.GetJsonAsync("/api/v1/models/a/series?metric=requests")).GetProperty("model").GetString());
        Assert.Equal("a/series", (await api.GetJsonAsync("/api/v1/models/a%2Fseries/series?metric=requests")).GetProperty("model").GetString());
    }

    private static string[] Values(JsonElement root) => [.. root.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("value").GetRawText())];
}
