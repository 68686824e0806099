using System.Net;
using System.Text.Json;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Http;

public class BreakersTests
{
    [Fact]
    public async Task Breakers_OfAllTargets_WithTheirPast()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        await ChangeAsync(api);
        var root = await api.GetJsonAsync("/api/v1/breakers");

        Assert.Equal(["generatedAt", "breakers"], Names(root));
        var breakers = root.GetProperty("breakers");
        Assert.Equal(["openai/gpt-4.1", "anthropic/claude"], breakers.EnumerateArray().Select(b => b.GetProperty("target").GetString()));
        Assert.Equal(["target", "breaker", "transitions"], Names(breakers[0]));
        Assert.Equal("failure_ratio", breakers[0].GetProperty("breaker").GetProperty("reason").GetString());
        Assert.Equal("2026-01-01T00:00:06.5Z", breakers[0].GetProperty("breaker").GetProperty("openUntil").GetString());
        Assert.Equal("none", breakers[0].GetProperty("breaker").GetProperty("force").GetString());
        var latest = breakers[0].GetProperty("transitions")[0];
        Assert.Equal(
            ("2026-01-01T00:00:02Z", "open", "half_open", "probe_granted"),
            (latest.GetProperty("at").GetString(), latest.GetProperty("from").GetString(), latest.GetProperty("to").GetString(), latest.GetProperty("reason").GetString()));
        Assert.Equal(0, breakers[1].GetProperty("transitions").GetArrayLength());
    }

    [Theory]
    [InlineData("openai/gpt-4.1")]
    [InlineData("openai%2Fgpt-4.1")]
    public async Task OneBreaker_IsTheSame(string path)
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        await ChangeAsync(api);
        var all = (await api.GetJsonAsync("/api/v1/breakers")).GetProperty("breakers")[0];
        var one = await api.GetJsonAsync($"/api/v1/breakers/{path}");
        Assert.All(all.EnumerateObject(), field => Assert.Equal(field.Value.GetRawText(), one.GetProperty(field.Name).GetRawText()));
    }

    [Fact]
    public async Task NameThatEndsLikeAView_IsAName()
    {
        ModelTopology[] models = [new("m", "priority", ["p/x/series", "p/y/heatmap"])];
        await using var api = await RunningApi.StartAsync(models);
        Assert.Equal("p/x/series", (await api.GetJsonAsync("/api/v1/breakers/p/x/series")).GetProperty("target").GetString());
        Assert.Equal("p/y/heatmap", (await api.GetJsonAsync("/api/v1/targets/p/y%2Fheatmap")).GetProperty("target").GetString());
        Assert.Equal("p/y/heatmap", (await api.GetJsonAsync("/api/v1/targets/p/y%2Fheatmap/heatmap")).GetProperty("target").GetString());
    }

    [Theory]
    [InlineData("/api/v1/breakers/nope", HttpStatusCode.NotFound, "target_not_found", "target")]
    [InlineData("/api/v1/breakers?window=5m", HttpStatusCode.BadRequest, "unknown_parameter", "window")]
    [InlineData("/api/v1/failovers?limit=0", HttpStatusCode.BadRequest, "invalid_parameter", "limit")]
    [InlineData("/api/v1/failovers?limit=1001", HttpStatusCode.BadRequest, "invalid_parameter", "limit")]
    [InlineData("/api/v1/failovers?limit=-1", HttpStatusCode.BadRequest, "invalid_parameter", "limit")]
    [InlineData("/api/v1/failovers?limit=1&limit=2", HttpStatusCode.BadRequest, "invalid_parameter", "limit")]
    [InlineData("/api/v1/failovers?model=", HttpStatusCode.BadRequest, "invalid_parameter", "model")]
    [InlineData("/api/v1/failovers?model=nope", HttpStatusCode.NotFound, "model_not_found", "model")]
    [InlineData("/api/v1/failovers?target=nope", HttpStatusCode.NotFound, "target_not_found", "target")]
    [InlineData("/api/v1/failovers?since=1", HttpStatusCode.BadRequest, "unknown_parameter", "since")]
    public async Task WrongQuestion_IsRefused(string path, HttpStatusCode status, string code, string param)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", path);
        await RunningApi.AssertErrorAsync(answer, status, code, param);
    }

    [Fact]
    public async Task Failovers_NewestFirst_ByModelAndTarget_UpToTheLimit()
    {
        await using var api = await RunningApi.StartAsync();
        await TellAsync(api, "chat", 1, Story(1, "chat", "openai/gpt-4.1", "anthropic/claude", ErrorKind.IdleTimeout), Story(4, "chat", "anthropic/claude", "openai/gpt-4.1", error: null));
        await TellAsync(api, "openai/gpt-4.1", 1, Story(2, "openai/gpt-4.1", "openai/gpt-4.1", "other/x", ErrorKind.Tls));

        Assert.Equal(["r4", "r2", "r1"], await IdsAsync(api, ""));
        Assert.Equal(["r4", "r2"], await IdsAsync(api, "?limit=2"));
        Assert.Equal(["r2"], await IdsAsync(api, "?model=openai/gpt-4.1"));
        Assert.Equal(["r4", "r1"], await IdsAsync(api, "?target=anthropic%2Fclaude"));
        Assert.Equal(["r4"], await IdsAsync(api, "?model=chat&target=openai/gpt-4.1&limit=1"));

        var newest = (await api.GetJsonAsync("/api/v1/failovers")).GetProperty("failovers")[0];
        Assert.Equal(
            """{"at":"2026-01-01T00:00:04Z","kind":"rescue","model":"chat","requestId":"r4","from":"anthropic/claude","to":"openai/gpt-4.1","error":"passed_over","afterMs":1204,"succeeded":true}""",
            newest.GetRawText());
    }

    private static FailoverStory Story(int second, string model, string from, string to, ErrorKind? error) =>
        new(Traffic.Start.AddSeconds(second), FailoverKind.Rescue, model, $"r{second}", from, to, error, TimeSpan.FromMilliseconds(1_204.9), Succeeded: true);

    private static async Task TellAsync(RunningApi api, string model, long sequence, params FailoverStory[] stories) =>
        await api.Grains.ApplyAsync(new ModelDelta("g", sequence, model, null, 0) { Stories = stories }, default);

    private static async Task ChangeAsync(RunningApi api)
    {
        BreakerChange[] changes =
        [
            new(Traffic.Start.AddSeconds(1), BreakerState.Closed, BreakerState.Open, BreakerReason.FailureRatio),
            new(Traffic.Start.AddSeconds(2), BreakerState.Open, BreakerState.HalfOpen, BreakerReason.ProbeGranted),
        ];
        var open = new BreakerReport(BreakerState.Open, BreakerReason.FailureRatio, Traffic.Start.AddSeconds(1), Traffic.Start.AddSeconds(6.5), 2);
        await api.Grains.ApplyAsync(new TargetDelta("g", 2, "openai/gpt-4.1", null, open, 1) { Changes = changes }, default);
    }

    private static async Task<IEnumerable<string?>> IdsAsync(RunningApi api, string query) =>
        (await api.GetJsonAsync("/api/v1/failovers" + query)).GetProperty("failovers").EnumerateArray().Select(s => s.GetProperty("requestId").GetString());

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name);
}
