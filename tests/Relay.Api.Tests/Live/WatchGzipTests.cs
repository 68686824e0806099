using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Relay.Api.Live;
using Relay.Core.Errors;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Tests.Live;

/// <summary>/api/v1/watch as clients see it who accept gzip.</summary>
public sealed class WatchGzipTests
{
    private const string Gzip = "br;q=1.0, gzip;q=0.8";

    [Fact]
    public async Task Events_AreThoseOfThePlainStream()
    {
        await using var api = await RunningApi.StartAsync();
        await StoryAsync(api, 1);
        await StoryAsync(api, 2);
        using var plain = await EventReader.OpenAsync(api);
        using var first = await EventReader.OpenAsync(api, encoding: Gzip);
        await SameAsync(plain, first);
        await SameAsync(plain, first);
        await PaceAsync(api);

        for (var i = 3; i < 8; i++)
        {
            // Some frames tell of a failover, some of figures alone.
            await (i % 2 == 0 ? StoryAsync(api, i) : Traffic.ReportAsync(api.Grains, i));
            await PaceAsync(api);
            await SameAsync(plain, first);
        }

        // One that comes later gets the latest frame with all failovers, and then what the others get.
        using var laterPlain = await EventReader.OpenAsync(api);
        using var later = await EventReader.OpenAsync(api, encoding: Gzip);
        await SameAsync(laterPlain, later);
        Assert.Contains("\"r6\"", await SameAsync(laterPlain, later), StringComparison.Ordinal);
        await StoryAsync(api, 8);
        await PaceAsync(api);
        var text = await SameAsync(plain, first);
        Assert.Contains("\"r8\"", text, StringComparison.Ordinal);
        Assert.Equal(text, await SameAsync(laterPlain, later));
    }

    [Fact]
    public async Task NothingNew_TheCommentComesThrough()
    {
        await using var api = await RunningApi.StartAsync();
        using var events = await EventReader.OpenAsync(api, encoding: Gzip);
        Assert.Equal("retry: 2000", await events.NextAsync());
        await events.FrameAsync();
        await PaceAsync(api);

        await api.Time.ArmedAsync(WatchEvents.Heartbeat);
        api.Time.Advance(WatchEvents.Heartbeat);

        Assert.Equal(": still here", await events.NextAsync());
    }

    [Fact]
    public async Task Stop_EndsTheGzipStreamWithItsSum()
    {
        var api = await RunningApi.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/watch");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
        var body = await answer.Content.ReadAsStreamAsync(Patience.Token);
        using var sent = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (var frames = 0; frames == 0;)
        {
            sent.Write(buffer, 0, await body.ReadAsync(buffer, Patience.Token));
            frames = Inflate(sent.ToArray()).AsSpan().Count("]}\n\n"u8);
        }

        await api.DisposeAsync();
        await body.CopyToAsync(sent, Patience.Token);

        var all = sent.ToArray();
        Assert.Equal([3, 0], all[^10..^8]);
        Assert.Equal(Inflate(all).Length, BitConverter.ToInt32(all, all.Length - 4));
        all[^8] ^= 1;
        Assert.Throws<InvalidDataException>(() => Inflate(all));
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("GZIP", true)]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("identity;q=1, gzip;q=0.001", true)]
    [InlineData("*", true)]
    [InlineData("br, *;q=0.1", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.000, *", false)]
    [InlineData("*;q=0", false)]
    [InlineData("identity", false)]
    [InlineData("br", false)]
    [InlineData("gzip2", false)]
    [InlineData("", false)]
    [InlineData(";;;", false)]
    [InlineData(null, false)]
    public async Task AcceptEncoding_Decides(string? accepted, bool isGzip)
    {
        await using var api = await RunningApi.StartAsync();
        foreach (var method in new[] { "HEAD", "GET" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/watch");
            if (accepted is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            }

            using var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
            Assert.Equal(isGzip ? ["gzip"] : [], answer.Content.Headers.ContentEncoding);
            Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
            if (method == "GET")
            {
                var start = new byte[2];
                await (await answer.Content.ReadAsStreamAsync(Patience.Token)).ReadExactlyAsync(start, Patience.Token);
                Assert.Equal(isGzip ? [0x1f, 0x8b] : "re"u8.ToArray(), start);
            }
        }
    }

    [Fact]
    public async Task ReaderThatIsStuck_IsCutAfterThirtySeconds()
    {
        // Frames that no buffer on the way can hold, also when they are compressed.
        var random = new Random(1);
        var models = Enumerable.Range(0, 100).Select(i => new ModelTopology(random.GetString("0123456789abcdefghijklmnopqrstuv", 60_000), "priority", [])).ToArray();
        await using var api = await RunningApi.StartAsync(models);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(api.EndPoint, Patience.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/watch HTTP/1.1\r\nHost: {api.EndPoint}\r\nAccept-Encoding: gzip\r\n\r\n"), Patience.Token);

        await api.Time.ArmedAsync(WatchHub.StuckAfter);
        api.Time.Advance(WatchHub.StuckAfter);

        var producer = api.Hub.Producer(Window.FiveMinutes);
        while (!producer.IsCompleted)
        {
            await Task.WhenAny(producer, api.Time.ArmedAsync(WatchHub.Pace)).WaitAsync(Patience.Token);
            api.Time.Advance(WatchHub.Pace);
        }
    }

    private static async Task<string> SameAsync(EventReader plain, EventReader compressed)
    {
        var text = await plain.NextAsync();
        Assert.Equal(text, await compressed.NextAsync());
        return text!;
    }

    private static byte[] Inflate(byte[] stream)
    {
        using var gzip = new GZipStream(new MemoryStream(stream), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        gzip.CopyTo(inflated);
        return inflated.ToArray();
    }

    private static async Task PaceAsync(RunningApi api)
    {
        await api.Time.ArmedAsync(WatchHub.Pace);
        api.Time.Advance(WatchHub.Pace);
    }

    private static async Task StoryAsync(RunningApi api, int number)
    {
        var story = new FailoverStory(Traffic.Start.AddSeconds(number), FailoverKind.Failover, "chat", $"r{number}", "openai/gpt-4.1", "anthropic/claude", ErrorKind.ProviderError, TimeSpan.FromMilliseconds(7), Succeeded: true);
        await api.Grains.ApplyAsync(new ModelDelta("g", number, "chat", null, 0) { Stories = [story] }, CancellationToken.None);
    }
}
