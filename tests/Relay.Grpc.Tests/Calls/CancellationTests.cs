using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;

namespace Relay.Grpc.Tests.Calls;

public sealed class CancellationTests
{
    [Theory]
    [InlineData(RawGrpc.Say)]
    [InlineData(RawGrpc.Count)]
    public async Task ClientsReset_CancelsTheHandler(string path)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        using var leave = new CancellationTokenSource();
        using var request = RawGrpc.Request(path, new ByteArrayContent(Held(path)));
        var calling = raw.StartAsync(request, leave.Token);
        await host.Echo.ExpectAsync("entered");

        await leave.CancelAsync();

        await host.Echo.ExpectAsync("client gone");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);

        // The connection and the server go on.
        Assert.Equal(GrpcStatusCode.Ok, (await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]))).Status);
        Assert.Empty(host.Log.Lines);
    }

    [Fact]
    public async Task ClientsResetInTheMiddleOfAStream_CancelsTheHandler()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        using var request = RawGrpc.Request(RawGrpc.Count, new ByteArrayContent(RawGrpc.Frame(new CountRequest { Count = 2, Hold = true })));
        using (var response = await raw.StartAsync(request, Patience.Token))
        {
            await host.Echo.ExpectAsync("entered");
        }

        await host.Echo.ExpectAsync("client gone");
        Assert.Empty(host.Log.Lines);
    }

    [Fact]
    public async Task ConnectionThatBreaks_CancelsTheHandler()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        using var request = RawGrpc.Request(RawGrpc.Count, new ByteArrayContent(RawGrpc.Frame(new CountRequest { Count = 1, Hold = true })));
        using var response = await raw.StartAsync(request, Patience.Token);
        await host.Echo.ExpectAsync("entered");

        raw.Break();

        await host.Echo.ExpectAsync("client gone");
        Assert.Empty(host.Log.Lines);
    }

    [Fact]
    public async Task RequestCutByTheClient_LeavesNoErrorBehind()
    {
        var served = new Signal();
        await using var host = await EchoHost.StartAsync(around: async (call, next) =>
        {
            await Assert.ThrowsAnyAsync<Exception>(async () => await next());
            Assert.True(call.ClientGone.IsCancellationRequested);
            served.Set();
            throw new GrpcException(Core.Errors.ErrorKind.ClientClosed, "Gone.");
        });
        using var raw = new RawGrpc(host.Grpc);
        using var leave = new CancellationTokenSource();
        using var body = new PiecesContent();
        using var request = RawGrpc.Request(RawGrpc.Say, body);
        var calling = raw.StartAsync(request, leave.Token);
        await body.SendAsync([0, 0, 0]);

        await leave.CancelAsync();

        await served.WaitAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        Assert.Empty(host.Log.Lines);
    }

    [Fact]
    public async Task ServersEnd_EndsTheCallWhateverTheClientStillSends()
    {
        await using var host = await EchoHost.StartAsync(around: (_, _) => throw new GrpcException(Core.Errors.ErrorKind.Overloaded, "Full."));
        using var raw = new RawGrpc(host.Grpc);
        using var body = new PiecesContent();
        var answering = raw.SendAsync(RawGrpc.Request(RawGrpc.Say, body));

        Assert.Equal(GrpcStatusCode.Unavailable, (await answering).Status);
        body.End();
    }

    private static byte[] Held(string path) => path == RawGrpc.Say
        ? RawGrpc.Frame(new EchoRequest { Hold = true })
        : RawGrpc.Frame(new CountRequest { Hold = true });
}
