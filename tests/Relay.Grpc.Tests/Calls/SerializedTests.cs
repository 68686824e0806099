using System.Collections.Immutable;
using System.IO.Compression;
using Google.Protobuf;
using Relay.Grpc.Tests.Kit;
using Relay.V1;

namespace Relay.Grpc.Tests.Calls;

/// <summary>Messages that are serialized once for many callers, plain and in gzip.</summary>
public sealed class SerializedTests
{
    private const string Watch = "/relay.v1.Stats/WatchStats";

    /// <summary>Larger than a piece, also when it is compressed.</summary>
    private static readonly byte[] Message = Large();

    private static readonly ImmutableArray<ReadOnlyMemory<byte>> Plain = [Message.AsMemory(0, 7), Message.AsMemory(7)];
    private static readonly ImmutableArray<ReadOnlyMemory<byte>> Compressed = [.. RawGrpc.Gzip(Message).Chunk(50_000).Select(part => (ReadOnlyMemory<byte>)part)];

    [Fact]
    public async Task Gzip_ForOneWhoReadsItAndPlainOnesBetween()
    {
        await using var host = await StartAsync(async writer =>
        {
            Assert.True(writer.AcceptsGzip);
            await writer.WriteSerializedAsync(Compressed, isGzip: true);
            await writer.WriteSerializedAsync(Plain, isGzip: false);
            await writer.WriteAsync(new StatsFrame { Sequence = 9 });
            await writer.WriteSerializedAsync(Compressed, isGzip: true);
        });
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(Watch, RawGrpc.Frame(new WatchStatsRequest()), ("grpc-accept-encoding", "identity,gzip"));

        Assert.Equal((GrpcStatusCode.Ok, "gzip"), (answer.Status, answer.Headers["grpc-encoding"]));
        var frames = answer.Frames().ToArray();
        Assert.Equal([1, 0, 0, 1], frames.Select(frame => (int)frame.Flag));
        Assert.Equal(Message, frames[1].Message);
        Assert.All(new[] { frames[0], frames[3] }, frame => Assert.Equal(Message, Inflate(frame.Message)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("identity,deflate")]
    public async Task OthersAreNotAskedToReadGzip(string? accepts)
    {
        await using var host = await StartAsync(async writer =>
        {
            Assert.False(writer.AcceptsGzip);
            await writer.WriteSerializedAsync(Plain, isGzip: false);
        });
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(Watch, RawGrpc.Frame(new WatchStatsRequest()), accepts is null ? [] : [("grpc-accept-encoding", accepts)]);

        Assert.DoesNotContain("grpc-encoding", answer.Headers.Keys);
        var (flag, message) = Assert.Single(answer.Frames());
        Assert.Equal((0, GrpcStatusCode.Ok), (flag, answer.Status));
        Assert.Equal(Message, message);
    }

    [Theory]
    [InlineData("identity", false)]
    [InlineData("gzip", true)]
    public async Task GzipThatTheClientDoesNotExpect_IsRefusedBeforeAByteOfIt(string accepts, bool isPlainFirst)
    {
        await using var host = await StartAsync(async writer =>
        {
            if (isPlainFirst)
            {
                await writer.WriteSerializedAsync(Plain, isGzip: false);
            }

            await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteSerializedAsync(Compressed, isGzip: true).AsTask());
            await writer.WriteSerializedAsync(Plain, isGzip: false);
        });
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(Watch, RawGrpc.Frame(new WatchStatsRequest()), ("grpc-accept-encoding", accepts));

        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        Assert.DoesNotContain("grpc-encoding", answer.Headers.Keys);
        Assert.All(answer.Frames(), frame => Assert.Equal(0, frame.Flag));
        Assert.Equal(isPlainFirst ? 2 : 1, answer.Frames().Count());
    }

    private static Task<EchoHost> StartAsync(Func<IGrpcWriter<StatsFrame>, ValueTask> handler) => EchoHost.StartAsync(
        extra: new GrpcService(StatsReflection.Descriptor.Services[0]).ServerStream<WatchStatsRequest, StatsFrame>("WatchStats", (_, writer, _) => handler(writer)));

    private static byte[] Large()
    {
        var random = new Random(1);
        return new StatsFrame { Failovers = { Enumerable.Range(0, 4).Select(_ => new Failover { RequestId = random.GetString("0123456789abcdef", 50_000) }) } }.ToByteArray();
    }

    private static byte[] Inflate(byte[] message)
    {
        using var gzip = new GZipStream(new MemoryStream(message), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        gzip.CopyTo(inflated);
        return inflated.ToArray();
    }
}
