using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Relay.Api.Live;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Live;

/// <summary>/api/v1/watch as clients see it.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task FirstEvent_IsWhatModelsAnswersAndItsHeadersLetItThrough()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);
        using var events = await EventReader.OpenAsync(api, "?window=1m&maxFramesPerSecond=2.5");

        Assert.Equal("retry: 2000", await events.NextAsync());
        var frame = await events.FrameAsync();

        Assert.Equal("text/event-stream; charset=utf-8", events.Answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", events.Answer.Headers.CacheControl?.ToString());
        Assert.Equal("no", events.Answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Empty(events.Answer.Content.Headers.ContentEncoding);
        var models = await api.GetJsonAsync("/api/v1/models?window=1m");
        Assert.Equal(
            ["sequence", .. models.EnumerateObject().Select(field => field.Name), "failovers"],
            frame.EnumerateObject().Select(field => field.Name));
        Assert.All(models.EnumerateObject(), field => Assert.Equal(field.Value.GetRawText(), frame.GetProperty(field.Name).GetRawText()));
        Assert.Equal(1UL, frame.GetProperty("sequence").GetUInt64());
        Assert.Equal(JsonValueKind.Array, frame.GetProperty("failovers").ValueKind);
    }

    [Fact]
    public async Task Change_IsTheNextEvent()
    {
        await using var api = await RunningApi.StartAsync();
        using var events = await EventReader.OpenAsync(api);
        await events.NextAsync();
        Assert.Equal(0, (await events.FrameAsync()).GetProperty("total").GetProperty("requests").GetInt64());

        await Traffic.ReportAsync(api.Grains);
        await PaceAsync(api);

        var frame = await events.FrameAsync();
        Assert.Equal((2UL, 3L), (frame.GetProperty("sequence").GetUInt64(), frame.GetProperty("total").GetProperty("requests").GetInt64()));
    }

    [Fact]
    public async Task NothingNew_ACommentEveryFifteenSeconds()
    {
        await using var api = await RunningApi.StartAsync();
        using var events = await EventReader.OpenAsync(api);
        await events.NextAsync();
        await events.FrameAsync();

        for (var i = 0; i < 3; i++)
        {
            // The pace of the first frame runs before the wait for the next one.
            if (i == 0)
            {
                await PaceAsync(api);
            }

            await api.Time.ArmedAsync(WatchEvents.Heartbeat);
            api.Time.Advance(WatchEvents.Heartbeat);
            Assert.Equal(": still here", await events.NextAsync());
        }
    }

    [Fact]
    public async Task Head_TellsTheTypeAndEnds()
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("HEAD", "/api/v1/watch");
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Stop_EndsTheStreamWithinItsLastEvent()
    {
        var api = await RunningApi.StartAsync();
        using var events = await EventReader.OpenAsync(api);
        await events.NextAsync();
        await events.FrameAsync();

        await api.DisposeAsync();

        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task ClientLeaves_IsNoWatcherAnyMore()
    {
        await using var api = await RunningApi.StartAsync();
        using (var events = await EventReader.OpenAsync(api, "?window=1h"))
        {
            await events.NextAsync();
            await events.FrameAsync();
            Assert.Contains("relay_watchers{window=\"1h\"} 1\n", await api.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        }

        await NobodyWatchesAsync(api, Window.OneHour);

        Assert.Contains("relay_watchers{window=\"1h\"} 0\n", await api.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReaderThatIsStuck_IsCutAfterThirtySeconds()
    {
        // Frames that no buffer on the way can hold.
        var models = Enumerable.Range(0, 100).Select(i => new ModelTopology(new string((char)('a' + (i % 26)), 60_000), "priority", [])).ToArray();
        await using var api = await RunningApi.StartAsync(models);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(api.EndPoint, Patience.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/watch HTTP/1.1\r\nHost: {api.EndPoint}\r\n\r\n"), Patience.Token);

        await api.Time.ArmedAsync(WatchHub.StuckAfter);
        api.Time.Advance(WatchHub.StuckAfter);

        await NobodyWatchesAsync(api, Window.FiveMinutes);
    }

    [Fact]
    public async Task TooManyWatchers_503AndAPlaceIsFreeAgain()
    {
        await using var api = await RunningApi.StartAsync();
        var others = Enumerable.Range(0, WatchHub.MaxWatchers).Select(_ => api.Hub.TryWatch(default, 10)!).ToArray();

        using (var refused = await api.SendAsync("GET", "/api/v1/watch"))
        {
            await RunningApi.AssertErrorAsync(refused, HttpStatusCode.ServiceUnavailable, "too_many_watchers");
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        others[0].Dispose();
        using var events = await EventReader.OpenAsync(api);
        Assert.Equal(HttpStatusCode.OK, events.Answer.StatusCode);
    }

    [Theory]
    [InlineData("window=2m", "invalid_parameter", "window")]
    [InlineData("maxFramesPerSecond=0", "invalid_parameter", "maxFramesPerSecond")]
    [InlineData("maxFramesPerSecond=10.1", "invalid_parameter", "maxFramesPerSecond")]
    [InlineData("maxFramesPerSecond=-1", "invalid_parameter", "maxFramesPerSecond")]
    [InlineData("maxFramesPerSecond=NaN", "invalid_parameter", "maxFramesPerSecond")]
    [InlineData("maxFramesPerSecond=1e-9", "invalid_parameter", "maxFramesPerSecond")]
    [InlineData("maxFramesPerSecond=1&maxFramesPerSecond=1", "invalid_parameter", "maxFramesPerSecond")]
    [InlineData("maxframespersecond=1", "unknown_parameter", "maxframespersecond")]
    public async Task BadParameter_400(string query, string code, string param)
    {
        await using var api = await RunningApi.StartAsync();
        using var answer = await api.SendAsync("GET", $"/api/v1/watch?{query}");
        await RunningApi.AssertErrorAsync(answer, HttpStatusCode.BadRequest, code, param);
    }

    private static async Task PaceAsync(RunningApi api)
    {
        await api.Time.ArmedAsync(WatchHub.Pace);
        api.Time.Advance(WatchHub.Pace);
    }

    /// <summary>With its last watcher the producer ends; until the server has seen that the client is gone, it goes on with its pace.</summary>
    private static async Task NobodyWatchesAsync(RunningApi api, Window window)
    {
        var producer = api.Hub.Producer(window);
        while (!producer.IsCompleted)
        {
            await Task.WhenAny(producer, api.Time.ArmedAsync(WatchHub.Pace)).WaitAsync(Patience.Token);
            api.Time.Advance(WatchHub.Pace);
        }
    }
}
