using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Relay.V1;

namespace Relay.Api.Tests.Grpc;

/// <summary>WatchStats on the wire.</summary>
public sealed class WatchGzipTests
{
    [Fact]
    public async Task ClientThatListsGzip_GetsTheFrameCompressed()
    {
        await using var api = await RunningApi.StartAsync();
        await Traffic.ReportAsync(api.Grains);

        var (plainEncoding, plainFlag, plain) = await FirstAsync(api, accepts: null);
        var (encoding, flag, message) = await FirstAsync(api, accepts: "identity, deflate, gzip");

        Assert.Equal((null, 0), (plainEncoding, plainFlag));
        Assert.Equal(("gzip", 1), (encoding, flag));
        using var gzip = new GZipStream(new MemoryStream(message), CompressionMode.Decompress);
        var frame = StatsFrame.Parser.ParseFrom(gzip);
        Assert.Equal(StatsFrame.Parser.ParseFrom(plain), frame);
        Assert.Equal(3, frame.Stats.Total.Count);
        Assert.InRange(message.Length, 1, plain.Length - 1);
        Assert.Equal(plain.Length, BitConverter.ToInt32(message, message.Length - 4));
    }

    private static async Task<(string? Encoding, int Flag, byte[] Message)> FirstAsync(RunningApi api, string? accepts)
    {
        var ask = new WatchStatsRequest { Window = Window._1M };
        var body = new byte[5 + ask.CalculateSize()];
        body[4] = (byte)ask.CalculateSize();
        ask.WriteTo(body.AsSpan(5));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{api.GrpcEndPoint}/relay.v1.Stats/WatchStats")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        if (accepts is not null)
        {
            request.Headers.Add("grpc-accept-encoding", accepts);
        }

        using var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
        var stream = await answer.Content.ReadAsStreamAsync(Patience.Token);
        var head = new byte[5];
        await stream.ReadExactlyAsync(head, Patience.Token);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await stream.ReadExactlyAsync(message, Patience.Token);
        return (answer.Headers.TryGetValues("grpc-encoding", out var values) ? values.Single() : null, head[0], message);
    }
}
