using Google.Protobuf;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Calls;

public sealed class UnaryTests
{
    [Fact]
    public async Task Call_GivesReplyThenStatusInTrailers()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { Text = "hällo" }));

        Assert.Equal(200, answer.HttpStatus);
        Assert.Equal("application/grpc", answer.Headers["content-type"]);
        Assert.Equal("hällo", Assert.Single(answer.Replies).Text);
        Assert.Equal("0", answer.Trailers["grpc-status"]);
        Assert.DoesNotContain("grpc-message", answer.Trailers.Keys);
    }

    [Fact]
    public async Task LargeMessage_ComesBackWhole()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var data = Bytes(20 * 1024 * 1024);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { Data = ByteString.CopyFrom(data) }));

        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        Assert.Equal(data, Assert.Single(answer.Replies).Data.ToByteArray());
    }

    [Fact]
    public async Task MessageInPiecesOfOneByte_IsRead()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        using var body = new PiecesContent();
        var answering = raw.SendAsync(RawGrpc.Request(RawGrpc.Say, body));

        foreach (var b in RawGrpc.Frame(new EchoRequest { Text = "in pieces" }))
        {
            await body.SendAsync([b]);
        }

        body.End();
        Assert.Equal("in pieces", Assert.Single((await answering).Replies).Text);
    }

    [Fact]
    public async Task EmptyMessage_IsAMessage()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]));

        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        Assert.Equal(new EchoReply(), Assert.Single(answer.Replies));
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    [InlineData("APPLICATION/GRPC")]
    public async Task ContentTypeOfProtobuf_IsServed(string contentType)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var request = RawGrpc.Request(RawGrpc.Say, new ByteArrayContent(RawGrpc.Frame([])));
        request.Content!.Headers.Remove("content-type");
        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);

        Assert.Equal(GrpcStatusCode.Ok, (await raw.SendAsync(request)).Status);
    }

    [Fact]
    public async Task ManyCallsAtOnce_EachGetItsOwnReply()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { Text = $"{i}" }))));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), answers.Select(answer => answer.Replies.Single().Text));
    }

    [Fact]
    public async Task OtherPort_IsLeftToWhatFollows()
    {
        await using var host = await EchoHost.StartAsync();
        using var http = new HttpClient();

        Assert.Equal("not gRPC", await http.GetStringAsync(new Uri(host.Http, RawGrpc.Say), Patience.Token));
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i * 31 >> 3);
        }

        return bytes;
    }
}
