using Google.Protobuf;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Calls;

public sealed class SizeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MessageAtTheLimit_IsTakenAndOneByteMoreIsNot(bool compressed)
    {
        const int Limit = 10_000;
        await using var host = await EchoHost.StartAsync(new GrpcOptions { MaxRequestBytes = Limit });
        using var raw = new RawGrpc(host.Grpc);

        var taken = await SendAsync(raw, Limit, compressed);
        var refused = await SendAsync(raw, Limit + 1, compressed);

        Assert.Equal(GrpcStatusCode.Ok, taken.Status);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, refused.Status);
        Assert.Equal("too_large", refused.ErrorInfo!.Metadata["kind"]);
        Assert.Contains("10000 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallsOwnLimit_Holds()
    {
        await using var host = await EchoHost.StartAsync(around: (call, next) =>
        {
            call.MaxRequestBytes = 100;
            return next();
        });
        using var raw = new RawGrpc(host.Grpc);

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await SendAsync(raw, 101, compressed: false)).Status);
        Assert.Equal(GrpcStatusCode.Ok, (await SendAsync(raw, 100, compressed: false)).Status);
    }

    [Theory]
    [InlineData("/grpc.health.v1.Health/Check")]
    [InlineData("/grpc.health.v1.Health/Watch")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    [InlineData("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")]
    public async Task ServicesWithoutAKey_TakeSmallMessagesOnly(string path)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(path, RawGrpc.Frame([], length: 4 * 1024 + 1));

        Assert.Equal(GrpcStatusCode.ResourceExhausted, answer.Status);
        Assert.Contains("4096 bytes", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooLargeMessage_IsRefusedByItsHeadAlone()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        using var body = new PiecesContent();
        var answering = raw.SendAsync(RawGrpc.Request(RawGrpc.Say, body));

        await body.SendAsync(RawGrpc.Frame([], length: GrpcOptions.DefaultMaxRequestBytes + 1));

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await answering).Status);
        body.End();
    }

    private static Task<RawAnswer> SendAsync(RawGrpc raw, int size, bool compressed)
    {
        var message = new EchoRequest { Data = ByteString.CopyFrom(new byte[size]) };
        message.Data = ByteString.CopyFrom(new byte[size - (message.CalculateSize() - size)]);
        Assert.Equal(size, message.CalculateSize());
        return compressed
            ? raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(RawGrpc.Gzip(message.ToByteArray()), flag: 1), ("grpc-encoding", "gzip"))
            : raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(message));
    }
}
