using System.Net;
using System.Text.Json;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Http;

public class TargetsTests
{
    [Fact]
    public async Task List_HasEveryTargetOnceWithTheModelsThatUseIt()
    {
        await using var api = await RunningApi.StartAsync();
        var root = await api.GetJsonAsync("/api/v1/targets?window=1m");

        Assert.Equal(("1m", "2026-01-01T00:00:00Z"), (root.GetProperty("window").GetString(), root.GetProperty("generatedAt").GetString()));
        Assert.Equal(
            ["""openai/gpt-4.1 ["chat","openai/gpt-4.1"]""", """anthropic/claude ["chat"]"""],
            root.GetProperty("targets").EnumerateArray().Select(t => $"{t.GetProperty("target").GetString()} {t.GetProperty("models").GetRawText()}"));
    }

    [Fact]
    public async Task OneTarget_IsTheSameAsInTheListAndInItsModels()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var one = Fields(await api.GetJsonAsync("/api/v1/targets/openai/gpt-4.1")).Skip(2).ToArray();

        Assert.Equal(Fields((await api.GetJsonAsync("/api/v1/targets")).GetProperty("targets")[0]), one);
        Assert.Equal(Fields((await api.GetJsonAsync("/api/v1/models")).GetProperty("models")[0].GetProperty("targets")[0]), one.SkipLast(1));
        Assert.Equal(("models", """["chat","openai/gpt-4.1"]"""), one[^1]);
        Assert.Contains(("attempts", "4"), one);
    }

    [Theory]
    [InlineData("openai/gpt-4.1", "openai/gpt-4.1")]
    [InlineData("openai%2Fgpt-4.1", "openai/gpt-4.1")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a/b/c", "a/b/c")]
    [InlineData("targets", "targets")]
    [InlineData("series", "series")]
    [InlineData("a%2Fseries", "a/series")]
    public async Task NameInPath_MayBeEncodedOrNot(string path, string name)
    {
        await using var api = await RunningApi.StartAsync([new("chat", "priority", [name, "other"])]);
        Assert.Equal(name, (await api.GetJsonAsync($"/api/v1/targets/{path}?window=1m")).GetProperty("target").GetString());
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("openai")]
    [InlineData("chat")]
    [InlineData("")]
    public async Task UnknownName_404InErrorShape(string path)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", $"/api/v1/targets/x{path}");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.NotFound, "target_not_found", "target");
    }

    [Fact]
    public async Task TargetNamedTwiceByOneModel_NamesTheModelOnce()
    {
        await using var api = await RunningApi.StartAsync([new("chat", "weighted", ["p/a", "p/b", "p/a"])]);
        Assert.Equal("""["chat"]""", (await api.GetJsonAsync("/api/v1/targets/p/a")).GetProperty("models").GetRawText());
    }

    [Theory]
    [InlineData("window=2m", "invalid_parameter", "window")]
    [InlineData("metric=requests", "unknown_parameter", "metric")]
    public async Task BadParameter_400SaysWhatIsAllowed(string query, string code, string param)
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var path in new[] { "/api/v1/targets", "/api/v1/targets/openai/gpt-4.1" })
        {
            using var answer = await api.SendAsync("GET", $"{path}?{query}");
            await RunningApi.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code, param);
            Assert.Contains("1m, 5m, 1h, 24h", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ThousandsOfTargets_AllInOneAnswer()
    {
        var models = Enumerable.Range(0, 1_000).Select(i => new ModelTopology($"m{i}", "priority", [$"p/{i}", "p/shared"])).ToArray();
        await using var api = await RunningApi.StartAsync(models);
        var targets = (await api.GetJsonAsync("/api/v1/targets")).GetProperty("targets");
        Assert.Equal((1_001, 1_000), (targets.GetArrayLength(), targets[1].GetProperty("models").GetArrayLength()));
    }

    private static IEnumerable<(string Name, string Value)> Fields(JsonElement answer) => answer.EnumerateObject().Select(p => (p.Name, p.Value.GetRawText()));
}
