using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Relay.Api.Stats;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Silo.Grains;
using Relay.V1;

namespace Relay.Api.Tests.Grpc;

/// <summary>What gRPC and HTTP answer at the same moment is the same, field by field.</summary>
public sealed class EqualityTests
{
    private static readonly string[] Windows = ["1m", "5m", "1h", "24h"];

    public static TheoryData<string> AllWindows => [.. Windows];

    [Theory]
    [MemberData(nameof(AllWindows))]
    public async Task ModelsAndTargets_AreTheSame(string window)
    {
        await using var api = await BusyAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        var asked = Asked(window);

        await SameAsync(api, $"/api/v1/models?window={window}", await client.CallAsync<ListModelsRequest, ListModelsResponse>(new() { Window = asked }), atLeast: 150);
        await SameAsync(api, $"/api/v1/targets?window={window}", await client.CallAsync<ListTargetsRequest, ListTargetsResponse>(new() { Window = asked }), atLeast: 80);
        foreach (var model in FixedTopology.Default)
        {
            await SameAsync(api, $"/api/v1/models/{model.Model}?window={window}", await client.CallAsync<GetModelRequest, GetModelResponse>(new() { Model = model.Model, Window = asked }), atLeast: 80);
            foreach (var target in model.Targets)
            {
                await SameAsync(api, $"/api/v1/targets/{target}?window={window}", await client.CallAsync<GetTargetRequest, GetTargetResponse>(new() { Target = target, Window = asked }), atLeast: 40);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllWindows))]
    public async Task EverySeries_IsTheSame(string window)
    {
        await using var api = await BusyAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        var slice = WindowLevel.All[Array.IndexOf(Windows, window)].Slice;
        foreach (var metric in SeriesMetric.All.Select(metric => metric.Name))
        {
            foreach (var factor in new[] { 1, 3 })
            {
                var step = slice * factor;
                var query = $"series?metric={metric}&window={window}&step={step.TotalSeconds}s";
                var request = new GetSeriesRequest { Metric = metric, Window = Asked(window), Step = Duration.FromTimeSpan(step) };
                await SameAsync(api, $"/api/v1/{query}", await client.CallAsync<GetSeriesRequest, Series>(request), atLeast: 15);
                await SameAsync(api, $"/api/v1/models/chat/{query}", await client.CallAsync<GetSeriesRequest, Series>(new(request) { Model = "chat" }), atLeast: 15);
                await SameAsync(api, $"/api/v1/targets/openai/gpt-4.1/{query}", await client.CallAsync<GetSeriesRequest, Series>(new(request) { Target = "openai/gpt-4.1" }), atLeast: 15);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllWindows))]
    public async Task EveryHeatmap_IsTheSame(string window)
    {
        await using var api = await BusyAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        foreach (var metric in HeatmapMetric.All.Select(metric => metric.Name))
        {
            var query = $"heatmap?metric={metric}&window={window}";
            var request = new GetHeatmapRequest { Metric = metric, Window = Asked(window) };
            await SameAsync(api, $"/api/v1/{query}", await client.CallAsync<GetHeatmapRequest, Heatmap>(request), atLeast: 30);
            await SameAsync(api, $"/api/v1/models/chat/{query}", await client.CallAsync<GetHeatmapRequest, Heatmap>(new(request) { Model = "chat" }), atLeast: 30);
            await SameAsync(api, $"/api/v1/targets/openai/gpt-4.1/{query}", await client.CallAsync<GetHeatmapRequest, Heatmap>(new(request) { Target = "openai/gpt-4.1" }), atLeast: 30);
        }
    }

    [Fact]
    public async Task BreakersAndFailovers_AreTheSame()
    {
        await using var api = await BusyAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        await SameAsync(api, "/api/v1/breakers", await client.CallAsync<ListBreakersRequest, ListBreakersResponse>(new()), atLeast: 14);
        await SameAsync(api, "/api/v1/failovers", await client.CallAsync<ListFailoversRequest, ListFailoversResponse>(new()), atLeast: 28);
        await SameAsync(api, "/api/v1/failovers?model=chat&target=anthropic/claude&limit=2", await client.CallAsync<ListFailoversRequest, ListFailoversResponse>(new() { Model = "chat", Target = "anthropic/claude", Limit = 2 }), atLeast: 19);
    }

    [Fact]
    public async Task Info_IsTheSame()
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        await SameAsync(api, "/api/v1/info", await client.CallAsync<GetInfoRequest, GetInfoResponse>(new()), atLeast: 5);
    }

    [Fact]
    public async Task FirstFrame_IsTheSameOnBothSides()
    {
        await using var api = await BusyAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        using var events = await Live.EventReader.OpenAsync(api);
        await events.NextAsync();
        var http = JsonNode.Parse((await events.FrameAsync()).GetRawText());

        await foreach (var frame in client.WatchAsync(new(), Patience.Token))
        {
            Assert.Empty(NeutralForm.Differences(NeutralForm.Of(frame), http));
            Assert.Equal(5, frame.Failovers.Count);
            break;
        }
    }

    [Fact]
    public void Planted_DifferenceOfOneFigure_IsFound()
    {
        var a = NeutralForm.Of(new ListModelsResponse { Window = V1.Window._5M, GeneratedAt = new Timestamp(), Models = { new V1.ModelFigures { Model = "m", Requests = new Figures { Count = 3, CostNanoUsd = 5 } } } });
        var b = NeutralForm.Of(new ListModelsResponse { Window = V1.Window._5M, GeneratedAt = new Timestamp(), Models = { new V1.ModelFigures { Model = "m", Requests = new Figures { Count = 3, Tokens = new Tokens() } } } });
        Assert.Equal(["$.models[0].tokens: null and {\"input\":0,\"cached_input\":0,\"cache_write_5m\":0,\"cache_write_1h\":0,\"output\":0,\"reasoning\":0,\"audio_input\":0,\"audio_output\":0,\"total\":0}", "$.models[0].costUsd: 0.000000005 and null"], NeutralForm.Differences(a, b));
        Assert.Single(NeutralForm.Differences(new JsonObject { ["x"] = 1 }, new JsonObject()));
    }

    private static async Task SameAsync(RunningApi api, string path, IMessage message, int atLeast)
    {
        var http = (JsonObject)JsonNode.Parse((await api.GetJsonAsync(path)).GetRawText())!;
        if (path.Contains("series", StringComparison.Ordinal) || path.Contains("heatmap", StringComparison.Ordinal))
        {
            // Whose it is stands in the path; over gRPC in the request alone.
            http.Remove("model");
            http.Remove("target");
        }

        Assert.Empty(NeutralForm.Differences(NeutralForm.Of(message), http).Select(difference => $"{path}: {difference}"));
        Assert.InRange(NeutralForm.Count(http), atLeast, int.MaxValue);
    }

    private static V1.Window Asked(string window) => (V1.Window)(Array.IndexOf(Windows, window) + 1);

    /// <summary>A day of traffic of every kind, seeded.</summary>
    private static async Task<RunningApi> BusyAsync()
    {
        var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        var random = new Random(20_260_101);
        for (var i = 2; i < 120; i++)
        {
            api.Time.Advance(i < 60 ? TimeSpan.FromMinutes(random.Next(1, 20)) : TimeSpan.FromSeconds(random.Next(1, 12)));
            foreach (var model in FixedTopology.Default)
            {
                await api.Grains.ApplyAsync(new ModelDelta("g", i, model.Model, Any(random), random.Next(5)) { Stories = i % 50 == 0 || (i == 119 && model.Model == "chat") ? [Story(api, i, model.Model)] : [] }, default);
            }

            foreach (var target in FixedTopology.Default[0].Targets)
            {
                var breaker = new BreakerReport(Core.Breaker.BreakerState.HalfOpen, BreakerReason.ProbeGranted, api.Time.GetUtcNow(), null, i);
                var change = new BreakerChange(api.Time.GetUtcNow(), Core.Breaker.BreakerState.Open, Core.Breaker.BreakerState.HalfOpen, BreakerReason.ProbeGranted);
                await api.Grains.ApplyAsync(new TargetDelta("g", i, target, Any(random), breaker, random.Next(5)) { Changes = i % 10 == 0 ? [change] : [] }, default);
            }
        }

        return api;
    }

    private static FailoverStory Story(RunningApi api, int number, string model) => new(
        api.Time.GetUtcNow(), number % 100 == 0 ? FailoverKind.Rescue : FailoverKind.Failover, model, $"r-{model}-{number}", "openai/gpt-4.1", "anthropic/claude", number % 100 == 0 ? ErrorKind.Truncated : null, TimeSpan.FromMilliseconds(number), number % 3 == 0);

    private static MeterDelta Any(Random random)
    {
        var counts = new long[Counters.Width];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = random.Next(3) == 0 ? random.Next(1_000) : 0;
        }

        return new MeterDelta(counts, Times(), Times(), Times(), Times());

        HistogramSnapshot Times() => Traffic.Times([.. Enumerable.Range(0, random.Next(6)).Select(_ => (long)random.Next(1, 50_000_000))]);
    }
}
