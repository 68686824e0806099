using System.Net;
using System.Text.Json;
using Relay.Api.Http;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Http;

public class TrailTests
{
    [Theory]
    [InlineData("1m", "5s", 12)]
    [InlineData("5m", "15s", 20)]
    [InlineData("1h", "2m", 30)]
    [InlineData("24h", "30m", 48)]
    public async Task Trails_HaveAPointForEachSliceOfTheWindow(string window, string step, int points)
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);

        var answer = await api.GetJsonAsync($"/api/v1/trails?window={window}");

        Assert.Equal((window, step), (answer.GetProperty("window").GetString(), answer.GetProperty("step").GetString()));
        foreach (var trail in answer.GetProperty("models").EnumerateArray())
        {
            Assert.All(["requests", "failed", "latencyP95Ms"], list => Assert.Equal(points, trail.GetProperty(list).GetArrayLength()));
        }

        var covered = answer.GetProperty("generatedAt").GetDateTimeOffset() - answer.GetProperty("start").GetDateTimeOffset();
        Assert.InRange(covered / points, TimeSpan.Zero, covered);
    }

    [Fact]
    public async Task LastPoint_IsNow_AndOlderOnesAreBeforeIt()
    {
        await using var api = await RunningApi.StartAsync();
        await ReportAsync(api, 1, count: 7, successes: 5);
        api.Time.Advance(TimeSpan.FromSeconds(15));
        await ReportAsync(api, 2, count: 2, successes: 2);

        var model = (await api.GetJsonAsync("/api/v1/trails?window=5m")).GetProperty("models")[0];

        Assert.Equal("chat", model.GetProperty("model").GetString());
        Assert.Equal([7, 2], Numbers(model, "requests")[^2..]);
        Assert.Equal([2, 0], Numbers(model, "failed")[^2..]);
        Assert.All(Numbers(model, "requests")[..^2], n => Assert.Equal(0, n));
    }

    [Fact]
    public async Task Answer_IsSharedForAWhileAndThenMadeAnew()
    {
        await using var api = await RunningApi.StartAsync();
        await ReportAsync(api, 1, count: 1, successes: 1);
        var first = await api.Client.GetStringAsync("/api/v1/trails");
        await ReportAsync(api, 2, count: 1, successes: 1);

        Assert.Equal(first, await api.Client.GetStringAsync("/api/v1/trails"));
        api.Time.Advance(TrailEndpoint.KeptFor);
        Assert.NotEqual(first, await api.Client.GetStringAsync("/api/v1/trails"));
    }

    [Fact]
    public async Task UnknownParameter_IsRefused()
    {
        await using var api = await RunningApi.StartAsync();
        var error = await api.GetJsonAsync("/api/v1/trails?step=1s", HttpStatusCode.BadRequest);
        Assert.Equal("unknown_parameter", error.GetProperty("error").GetProperty("code").GetString());
    }

    private static async Task ReportAsync(RunningApi api, long sequence, long count, long successes)
    {
        var counts = Traffic.Counts((Counters.Count, count), (Counters.Successes, successes));
        await api.Grains.ApplyAsync(new ModelDelta("g", sequence, "chat", new MeterDelta(counts, Traffic.Times(1_000), Traffic.Times(), Traffic.Times(), Traffic.Times()), 0), default);
    }

    private static long[] Numbers(JsonElement trail, string list) => [.. trail.GetProperty(list).EnumerateArray().Select(n => n.GetInt64())];
}
