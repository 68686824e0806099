using Google.Protobuf;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Calls;

public sealed class GzipTests
{
    private static readonly byte[] Compressible = new EchoRequest { Text = new string('x', 100_000) }.ToByteArray();

    [Fact]
    public async Task CompressedRequest_GetsACompressedReply()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(RawGrpc.Gzip(Compressible), flag: 1), ("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity, gzip"));

        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        Assert.Equal("gzip", answer.Headers["grpc-encoding"]);
        var (flag, message) = Assert.Single(answer.Frames());
        Assert.Equal(1, flag);
        Assert.True(message.Length < 2_000);
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(message), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(100_000, EchoReply.Parser.ParseFrom(gzip).Text.Length);
    }

    [Theory]
    [InlineData("identity", "gzip")]
    [InlineData("gzip", "identity")]
    [InlineData("gzip", "deflate,br")]
    public async Task ReplyIsPlain_UnlessTheClientBothSendsAndTakesGzip(string sends, string takes)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(Compressible), ("grpc-encoding", sends), ("grpc-accept-encoding", takes));

        Assert.DoesNotContain("grpc-encoding", answer.Headers.Keys);
        Assert.Equal(100_000, Assert.Single(answer.Replies).Text.Length);
        Assert.Equal("identity,gzip", answer.Headers["grpc-accept-encoding"]);
    }

    [Fact]
    public async Task ShortOrRandomReply_IsNotCompressed()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var random = new byte[5_000];
        new Random(1).NextBytes(random);
        foreach (var request in new[] { new EchoRequest { Text = "short" }, new EchoRequest { Data = ByteString.CopyFrom(random) } })
        {
            var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(request), ("grpc-encoding", "gzip"), ("grpc-accept-encoding", "gzip"));

            Assert.Equal(0, Assert.Single(answer.Frames()).Flag);
            Assert.Equal(request.Data, Assert.Single(answer.Replies).Data);
        }
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip,gzip")]
    public async Task OtherEncoding_IsUnimplementedAndToldWhatThereIs(string encoding)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]), ("grpc-encoding", encoding));

        Assert.Equal(GrpcStatusCode.Unimplemented, answer.Status);
        Assert.Equal("identity,gzip", answer.Headers["grpc-accept-encoding"]);
    }

    [Fact]
    public async Task BrokenGzip_IsInternal()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var good = RawGrpc.Gzip(Compressible);
        var flipped = (byte[])good.Clone();
        flipped[^6] ^= 0xff;
        foreach (var bad in new[] { [1, 2, 3], good[..^1], good[..(good.Length / 2)], flipped })
        {
            var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(bad, flag: 1), ("grpc-encoding", "gzip"));

            Assert.Equal(GrpcStatusCode.Internal, answer.Status);
            Assert.Contains("cannot be decompressed", answer.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bomb_IsBoundByTheMessageLimit()
    {
        const int Limit = 1024 * 1024;
        await using var host = await EchoHost.StartAsync(new GrpcOptions { MaxRequestBytes = Limit });
        using var raw = new RawGrpc(host.Grpc);

        // A gigabyte of zeros in one megabyte.
        var bomb = RawGrpc.Gzip(new byte[1_000_000_000]);
        Assert.True(bomb.Length < Limit);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(bomb, flag: 1), ("grpc-encoding", "gzip"));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(GrpcStatusCode.ResourceExhausted, answer.Status);
        Assert.Contains("1048576", answer.Message, StringComparison.Ordinal);
        Assert.True(allocated < 20 * Limit, $"{allocated} bytes");
    }
}
