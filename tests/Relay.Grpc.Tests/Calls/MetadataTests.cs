using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Calls;

public sealed class MetadataTests
{
    [Theory]
    [InlineData("AQI=")]
    [InlineData("AQI")]
    public async Task TextAndBytes_GoInAndOut(string base64)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]), ("x-echo", "some text"), ("x-echo-bin", base64));

        Assert.Equal("some text", answer.Headers["x-echo"]);
        Assert.Equal("AQI", answer.Headers["x-echo-bin"]);
        Assert.Equal("some text", answer.Trailers["x-echo-trailer"]);
        Assert.Equal("AQI", answer.Trailers["x-echo-trailer-bin"]);
    }

    [Fact]
    public async Task SeveralBytesInOneHeader_AreTakenApart()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]), ("x-echo-bin", "AQI=,Aw,not base64"));

        Assert.Equal("AQID", answer.Trailers["x-echo-trailer-bin"]);
    }

    [Fact]
    public async Task TrailersOfACallThatFailsAtOnce_GoOutAsHeaders()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { FailKind = 1 }), ("x-echo", "text"));

        Assert.True(answer.IsTrailersOnly);
        Assert.Equal("text", answer.Headers["x-echo-trailer"]);
    }

    [Fact]
    public async Task HeadersBeforeTheFirstMessage_CanBeSentByThemselves()
    {
        await using var host = await EchoHost.StartAsync(around: async (call, next) =>
        {
            call.SetHeader("x-early", "yes");
            await call.SendHeadersAsync();
            await next();
        });
        using var raw = new RawGrpc(host.Grpc);
        using var leave = new CancellationTokenSource();
        using var request = RawGrpc.Request(RawGrpc.Say, new ByteArrayContent(RawGrpc.Frame(new EchoRequest { Hold = true })));

        using var response = await raw.StartAsync(request, Patience.Token);

        Assert.Equal("yes", Assert.Single(response.Headers.GetValues("x-early")));
        await host.Echo.ExpectAsync("entered");
    }

    [Fact]
    public async Task HeaderAfterTheFirstMessage_IsRefused()
    {
        Exception? thrown = null;
        await using var host = await EchoHost.StartAsync(around: async (call, next) =>
        {
            await next();
            thrown = Record.Exception(() => call.SetHeader("x-late", "text"));
        });
        using var raw = new RawGrpc(host.Grpc);

        await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]));

        Assert.IsType<InvalidOperationException>(thrown);
    }

    [Theory]
    [InlineData("X-Upper", "a")]
    [InlineData("grpc-own", "a")]
    [InlineData("x-bytes-bin", "a")]
    [InlineData("with space", "a")]
    [InlineData("content-length", "1")]
    [InlineData("x-text", "ü")]
    [InlineData("x-text", "a\r\nb: c")]
    [InlineData("", "a")]
    public async Task NamesAndValuesThatHttpCannotCarry_AreRefused(string name, string value)
    {
        Exception? thrown = null;
        await using var host = await EchoHost.StartAsync(around: (call, next) =>
        {
            thrown = Record.Exception(() => call.SetHeader(name, value));
            return next();
        });
        using var raw = new RawGrpc(host.Grpc);

        await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]));

        Assert.IsType<ArgumentException>(thrown);
    }
}
