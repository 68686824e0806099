using System.Net;
using System.Text.Json;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Http;

public class ModelsTests
{
    [Fact]
    public async Task NoTraffic_ZerosAndNullsForEveryConfiguredModel()
    {
        await using var api = await RunningApi.StartAsync();
        var root = await api.GetJsonAsync("/api/v1/models");

        Assert.Equal("5m", root.GetProperty("window").GetString());
        Assert.Equal("2026-01-01T00:00:00Z", root.GetProperty("generatedAt").GetString());
        var models = root.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["chat", "openai/gpt-4.1"], models.Select(m => m.GetProperty("model").GetString()));
        Assert.Equal(["priority", "weighted"], models.Select(m => m.GetProperty("strategy").GetString()));
        Assert.Equal(["openai/gpt-4.1", "anthropic/claude"], models[0].GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("target").GetString()));
        foreach (var figures in models.Append(root.GetProperty("total")).Append(models[0].GetProperty("targets")[0]))
        {
            Assert.Equal(JsonValueKind.Null, figures.GetProperty("successRate").ValueKind);
            Assert.Equal(JsonValueKind.Null, figures.GetProperty("latencyMs").ValueKind);
            Assert.Equal("0", figures.GetProperty("costUsd").GetRawText());
            Assert.Equal("{}", figures.GetProperty("errors").GetRawText());
            Assert.Equal("{}", figures.GetProperty("endpoints").GetRawText());
            Assert.Equal("""{"tokensPerSecond":null,"costPer1000TokensUsd":null,"tokensPerUsd":null,"pricedTokens":0}""", Pick(figures, "tokensPerSecond", "costPer1000TokensUsd", "tokensPerUsd", "pricedTokens"));
            Assert.Equal(0, figures.GetProperty("tokens").GetProperty("total").GetInt64());
        }

        Assert.Equal(JsonValueKind.Null, models[0].GetProperty("targets")[0].GetProperty("breaker").ValueKind);
    }

    [Fact]
    public async Task Traffic_ModelShowsItsRequestsExactly()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var model = (await api.GetJsonAsync("/api/v1/models?window=1m")).GetProperty("models")[0];

        Assert.Equal(
            """{"requests":3,"attempts":4,"successes":2,"successRate":0.666666,"streams":1,"retries":0,"failovers":1,"rescues":1,"wastedTokens":9,"wastedCostUsd":0.000000009,"active":5,"errors":{"idle_timeout":1}}""",
            Pick(model, "requests", "attempts", "successes", "successRate", "streams", "retries", "failovers", "rescues", "wastedTokens", "wastedCostUsd", "active", "errors"));
        Assert.Equal("""{"p50":2.511,"p90":100,"p95":100,"p99":100,"avg":34.667,"min":1.5,"max":100}""", model.GetProperty("latencyMs").GetRawText());
        Assert.Equal("""{"p50":1,"p90":1,"p95":1,"p99":1,"avg":1,"min":1,"max":1}""", model.GetProperty("firstTokenMs").GetRawText());
        Assert.Equal(0.015m, model.GetProperty("interTokenMs").GetProperty("avg").GetDecimal());
        Assert.Equal(
            """{"input":100,"cached_input":0,"cache_write_5m":0,"cache_write_1h":0,"output":0,"reasoning":7,"audio_input":0,"audio_output":0,"total":107}""",
            model.GetProperty("tokens").GetRawText());
        Assert.Equal("""{"p50":45.678,"p90":45.678,"p95":45.678,"p99":45.678,"avg":45.678,"min":45.678,"max":45.678}""", model.GetProperty("tokensPerSecond").GetRawText());
        Assert.Equal(
            """{"chat.completions":{"requests":2,"successes":1,"errors":{"idle_timeout":1}},"embeddings":{"requests":1,"successes":1,"errors":{}}}""",
            model.GetProperty("endpoints").GetRawText());
        Assert.Equal(
            """{"costPer1000TokensUsd":15.4320986375,"tokensPerUsd":64.8,"pricedTokens":80}""",
            Pick(model, "costPer1000TokensUsd", "tokensPerUsd", "pricedTokens"));
        Assert.Equal("""{"costUsd":1.234567891,"priced":2,"unpriced":0,"estimated":1,"malformedEvents":0}""", Pick(model, "costUsd", "priced", "unpriced", "estimated", "malformedEvents"));
    }

    [Fact]
    public async Task Traffic_TargetShowsItsAttemptsAndBreaker()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var root = await api.GetJsonAsync("/api/v1/models");
        var targets = root.GetProperty("models")[0].GetProperty("targets");

        Assert.Equal(
            """{"target":"openai/gpt-4.1","attempts":4,"successes":2,"successRate":0.5,"retries":1,"active":1,"unpriced":2,"costUsd":null,"malformedEvents":3}""",
            Pick(targets[0], "target", "attempts", "successes", "successRate", "retries", "active", "unpriced", "costUsd", "malformedEvents"));
        Assert.Equal("""{"_other":{"attempts":4,"successes":2,"errors":{"provider_error":2}}}""", targets[0].GetProperty("endpoints").GetRawText());
        Assert.Equal(
            """{"state":"open","reason":"failure_ratio","since":"2026-01-01T00:00:01Z","openUntil":"2026-01-01T00:00:06.5Z","opened":2,"force":"none"}""",
            targets[0].GetProperty("breaker").GetRawText());
        Assert.Equal(
            """{"state":"closed","reason":"none","since":"2026-01-01T00:00:00Z","openUntil":null,"opened":0,"force":"none"}""",
            targets[1].GetProperty("breaker").GetRawText());
        Assert.Equal(targets[0].GetRawText(), root.GetProperty("models")[1].GetProperty("targets")[0].GetRawText());
    }

    [Fact]
    public async Task Total_MergesDistributionsInsteadOfAveragingPercentiles()
    {
        await using var api = await RunningApi.StartAsync();
        await ReportAsync("chat", 99, 1_000);
        await ReportAsync("openai/gpt-4.1", 1, 1_000_000);
        var total = (await api.GetJsonAsync("/api/v1/models")).GetProperty("total");

        Assert.Equal(100, total.GetProperty("requests").GetInt64());
        Assert.InRange(total.GetProperty("latencyMs").GetProperty("p99").GetDecimal(), 0.99m, 1.01m);
        Assert.Equal(1_000, total.GetProperty("latencyMs").GetProperty("max").GetDecimal());
        Assert.Equal(2, total.GetProperty("active").GetInt32());

        async Task ReportAsync(string model, int count, long micros) => await api.Grains.ApplyAsync(
            new ModelDelta("g", 1, model, new MeterDelta(Traffic.Counts((Counters.Count, count)), Traffic.Times([.. Enumerable.Repeat(micros, count)]), Traffic.Times(), Traffic.Times(), Traffic.Times()), 1),
            default);
    }

    [Theory]
    [InlineData("1m", 0)]
    [InlineData("5m", 3)]
    [InlineData("1h", 3)]
    [InlineData("24h", 3)]
    public async Task Window_IsTheOneAsked(string window, long requests)
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        api.Time.Advance(TimeSpan.FromMinutes(2));
        var root = await api.GetJsonAsync($"/api/v1/models?window={window}");

        Assert.Equal(window, root.GetProperty("window").GetString());
        Assert.Equal(requests, root.GetProperty("models")[0].GetProperty("requests").GetInt64());
        Assert.Equal(requests, root.GetProperty("total").GetProperty("requests").GetInt64());
    }

    [Theory]
    [InlineData("window=", "invalid_parameter", "window")]
    [InlineData("window=2m", "invalid_parameter", "window")]
    [InlineData("window=5M", "invalid_parameter", "window")]
    [InlineData("window=1m&window=5m", "invalid_parameter", "window")]
    [InlineData("windw=5m", "unknown_parameter", "windw")]
    [InlineData("window=5m&x=%3Cb%3E", "unknown_parameter", "x")]
    [InlineData("Window=5m", "unknown_parameter", "Window")]
    public async Task BadParameter_400SaysWhatIsAllowed(string query, string code, string param)
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var path in new[] { "/api/v1/models", "/api/v1/models/chat" })
        {
            using var answer = await api.SendAsync("GET", $"{path}?{query}");
            await RunningApi.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code, param);
            Assert.Contains("1m, 5m, 1h, 24h", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ThousandsOfModels_AllInOneAnswer()
    {
        var models = Enumerable.Range(0, 3_000).Select(i => new ModelTopology($"m{i}", "priority", [$"p/{i}"])).ToArray();
        await using var api = await RunningApi.StartAsync(models);
        var root = await api.GetJsonAsync("/api/v1/models");
        Assert.Equal(models.Select(m => m.Model), root.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("model").GetString()));
    }

    private static string Pick(JsonElement from, params string[] names) =>
        "{" + string.Join(",", names.Select(name => $"\"{name}\":{from.GetProperty(name).GetRawText()}")) + "}";
}
