using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Relay.Api.Live;
using Relay.Core.Errors;
using Relay.Grpc;
using Relay.Silo.Grains;
using Relay.V1;

namespace Relay.Api.Tests.Grpc;

/// <summary>relay.v1.Stats: what it refuses, what it changes, and its stream. That it tells the figures of HTTP is shown by <see cref="EqualityTests"/>.</summary>
public sealed class StatsServiceTests
{
    private const string Token = "an-admin-token";

    [Theory]
    [InlineData(9, "requests", null, null, "window")]
    [InlineData(0, "", null, null, "metric")]
    [InlineData(0, "Requests", null, null, "metric")]
    [InlineData(0, "requests", 0L, 0, "step")]
    [InlineData(0, "requests", -1L, 0, "step")]
    [InlineData(0, "requests", 301L, 0, "step")]
    [InlineData(0, "requests", 300L, 1, "step")]
    [InlineData(0, "requests", 1L, -1, "step")]
    [InlineData(0, "requests", long.MaxValue, 0, "step")]
    [InlineData(0, "requests", 1L, 2_000_000_000, "step")]
    public async Task WrongSeriesRequest_IsInvalidArgumentAndNamesTheField(int window, string metric, long? seconds, int? nanos, string field)
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        var request = new GetSeriesRequest { Metric = metric, Window = (Window)window, Step = seconds is null ? null : new Duration { Seconds = seconds.Value, Nanos = nanos!.Value } };

        var status = await client.FailAsync<GetSeriesRequest, Series>(request);

        Assert.Equal((GrpcStatusCode.InvalidArgument, ErrorKind.InvalidRequest), (status.Code, status.Kind));
        Assert.StartsWith(field, status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L, 0, 15)]
    [InlineData(0L, 1, 15)]
    [InlineData(15L, 1, 30)]
    [InlineData(300L, 0, 300)]
    public async Task Step_IsRoundedUpToWholeSlices(long seconds, int nanos, int used)
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        var series = await client.CallAsync<GetSeriesRequest, Series>(new() { Metric = "requests", Step = new Duration { Seconds = seconds, Nanos = nanos } });
        Assert.Equal((used, Window._5M), (series.Step.Seconds, series.Window));
    }

    [Fact]
    public async Task UnknownNames_AreNotFound()
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        GrpcStatus[] all =
        [
            await client.FailAsync<GetModelRequest, GetModelResponse>(new() { Model = "nope" }),
            await client.FailAsync<GetTargetRequest, GetTargetResponse>(new() { Target = "nope" }),
            await client.FailAsync<GetSeriesRequest, Series>(new() { Metric = "requests", Model = "nope" }),
            await client.FailAsync<GetSeriesRequest, Series>(new() { Metric = "requests", Target = "" }),
            await client.FailAsync<GetHeatmapRequest, Heatmap>(new() { Model = "nope" }),
            await client.FailAsync<GetHeatmapRequest, Heatmap>(new() { Target = "nope" }),
            await client.FailAsync<ListBreakersRequest, ListBreakersResponse>(new() { Target = "nope" }),
            await client.FailAsync<ListFailoversRequest, ListFailoversResponse>(new() { Model = "nope" }),
            await client.FailAsync<ListFailoversRequest, ListFailoversResponse>(new() { Target = "nope" }),
        ];
        Assert.All(all, status => Assert.Equal(GrpcStatusCode.NotFound, status.Code));
    }

    [Fact]
    public async Task WrongHeatmapOrLimitOrRate_IsInvalidArgument()
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await client.FailAsync<GetHeatmapRequest, Heatmap>(new() { Metric = "requests" })).Code);
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await client.FailAsync<ListFailoversRequest, ListFailoversResponse>(new() { Limit = -1 })).Code);
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await client.FailAsync<ListFailoversRequest, ListFailoversResponse>(new() { Limit = 1_001 })).Code);
        foreach (var rate in new[] { -1, 10.5, double.NaN, double.PositiveInfinity })
        {
            Assert.Equal(GrpcStatusCode.InvalidArgument, (await WatchFailsAsync(client, new() { MaxFramesPerSecond = rate })).Code);
        }
    }

    [Fact]
    public async Task SetBreaker_NeedsTheAdminToken()
    {
        await using var closed = await RunningApi.StartAsync();
        using var toClosed = new StatsClient(closed.GrpcEndPoint);
        await using var api = await RunningApi.StartAsync(configure: WithToken);
        using var client = new StatsClient(api.GrpcEndPoint);
        var request = new SetBreakerRequest { Target = "openai/gpt-4.1", Force = BreakerForce.Open };

        var none = await toClosed.FailAsync<SetBreakerRequest, SetBreakerResponse>(request, "Bearer " + Token);
        var missing = await client.FailAsync<SetBreakerRequest, SetBreakerResponse>(request);
        var wrong = await client.FailAsync<SetBreakerRequest, SetBreakerResponse>(request, "Bearer other");

        Assert.Equal((GrpcStatusCode.PermissionDenied, GrpcStatusCode.Unauthenticated, GrpcStatusCode.PermissionDenied), (none.Code, missing.Code, wrong.Code));
        Assert.Contains("RELAY_ADMIN_TOKEN", none.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("other", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetBreaker_HoldsItAndLeavesAnEntryInTheLog()
    {
        using var log = new CapturedLog();
        await using var api = await RunningApi.StartAsync(configure: WithToken, log: log);
        using var client = new StatsClient(api.GrpcEndPoint);
        await Traffic.ReportAsync(api.Grains);

        var held = await client.CallAsync<SetBreakerRequest, SetBreakerResponse>(new() { Target = "openai/gpt-4.1", Force = BreakerForce.Open, Note = "drill" }, "Bearer " + Token);
        var shown = await client.CallAsync<ListBreakersRequest, ListBreakersResponse>(new() { Target = "openai/gpt-4.1" });

        Assert.Equal(BreakerForce.Open, held.Breaker.Breaker.Force);
        Assert.Equal(BreakerForce.Open, shown.Breakers.Single().Breaker.Force);
        Assert.Contains(log.Events, e => e.Id == 3002 && e.Text.Contains("force open, note 'drill'", StringComparison.Ordinal));
        var unknown = await client.FailAsync<SetBreakerRequest, SetBreakerResponse>(new() { Target = "nope" }, "Bearer " + Token);
        var badForce = await client.FailAsync<SetBreakerRequest, SetBreakerResponse>(new() { Target = "openai/gpt-4.1", Force = (BreakerForce)7 }, "Bearer " + Token);
        Assert.Equal((GrpcStatusCode.NotFound, GrpcStatusCode.InvalidArgument), (unknown.Code, badForce.Code));
    }

    [Fact]
    public async Task Watch_FirstFrameAtOnceThenOneWithEveryChangeAndUnavailableAtTheStop()
    {
        var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        await using var frames = client.WatchAsync(new() { Window = Window._1M }, Patience.Token).GetAsyncEnumerator();

        Assert.True(await frames.MoveNextAsync());
        Assert.Equal((1UL, Window._1M, 0L), (frames.Current.Sequence, frames.Current.Stats.Window, frames.Current.Stats.Total.Count));
        await Traffic.ReportAsync(api.Grains);
        await api.Time.ArmedAsync(WatchHub.Pace);
        api.Time.Advance(WatchHub.Pace);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal((2UL, 3L), (frames.Current.Sequence, frames.Current.Stats.Total.Count));

        var next = frames.MoveNextAsync().AsTask();
        await api.DisposeAsync();
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<GrpcException>(() => next)).Status.Code);
    }

    [Fact]
    public async Task Watch_TellsEachFailoverOnceAlsoToWhoSkipsFrames()
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        await StoryAsync(api, 1);
        await StoryAsync(api, 2);
        await using var frames = client.WatchAsync(new() { Window = Window._1M, MaxFramesPerSecond = 2 }, Patience.Token).GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal(["r1", "r2"], frames.Current.Failovers.Select(story => story.RequestId));

        var next = frames.MoveNextAsync().AsTask();
        for (var i = 3; i < 9; i++)
        {
            await StoryAsync(api, i);
            await api.Time.ArmedAsync(WatchHub.Pace);
            api.Time.Advance(WatchHub.Pace);
        }

        Assert.True(await next);
        var told = frames.Current.Failovers.Select(story => story.RequestId).ToList();
        Assert.True(frames.Current.Sequence > 3, $"frame {frames.Current.Sequence}");
        next = frames.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            await Task.WhenAny(next, api.Time.ArmedAsync(WatchHub.Pace)).WaitAsync(Patience.Token);
            api.Time.Advance(WatchHub.Pace);
        }

        Assert.Equal(["r3", "r4", "r5", "r6", "r7", "r8"], told.Concat(frames.Current.Failovers.Select(story => story.RequestId)));
    }

    [Fact]
    public async Task TooManyWatchers_IsResourceExhausted()
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        foreach (var _ in Enumerable.Range(0, WatchHub.MaxWatchers))
        {
            Assert.NotNull(api.Hub.TryWatch(default, 10));
        }

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await WatchFailsAsync(client, new())).Code);
    }

    [Fact]
    public async Task Cancel_LeavesNoWatcher()
    {
        await using var api = await RunningApi.StartAsync();
        using var client = new StatsClient(api.GrpcEndPoint);
        await foreach (var frame in client.WatchAsync(new(), Patience.Token))
        {
            Assert.Equal(1UL, frame.Sequence);
            break;
        }

        var producer = api.Hub.Producer(Core.Latency.Window.FiveMinutes);
        while (!producer.IsCompleted)
        {
            await Task.WhenAny(producer, api.Time.ArmedAsync(WatchHub.Pace)).WaitAsync(Patience.Token);
            api.Time.Advance(WatchHub.Pace);
        }
    }

    private static ApiOptions WithToken(ApiOptions options) => options with { AdminTokenSha256 = () => SHA256.HashData(Encoding.UTF8.GetBytes(Token)) };

    private static async Task<GrpcStatus> WatchFailsAsync(StatsClient client, WatchStatsRequest request) => (await Assert.ThrowsAsync<GrpcException>(async () =>
    {
        await foreach (var frame in client.WatchAsync(request, Patience.Token))
        {
            Assert.Fail($"frame {frame.Sequence}");
        }
    })).Status;

    private static async Task StoryAsync(RunningApi api, int number)
    {
        var story = new FailoverStory(Traffic.Start.AddSeconds(number), FailoverKind.Failover, "chat", $"r{number}", "openai/gpt-4.1", "anthropic/claude", ErrorKind.ProviderError, TimeSpan.FromMilliseconds(7), Succeeded: true);
        await api.Grains.ApplyAsync(new ModelDelta("g", number, "chat", null, 0) { Stories = [story] }, CancellationToken.None);
    }
}
