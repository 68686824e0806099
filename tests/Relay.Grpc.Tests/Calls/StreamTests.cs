using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;
using Relay.TestKit;

namespace Relay.Grpc.Tests.Calls;

public sealed class StreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task Stream_GivesAllRepliesInOrderThenTheStatus(int count)
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Count, RawGrpc.Frame(new CountRequest { Count = count }));

        Assert.Equal(Enumerable.Range(0, count), answer.Replies.Select(reply => reply.Number));
        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        Assert.Equal(count == 0, answer.IsTrailersOnly);
    }

    [Fact]
    public async Task Failure_ComesAfterWhatWasSent()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Count, RawGrpc.Frame(new CountRequest { Count = 2, Fail = true }));

        Assert.Equal(2, answer.Replies.Count);
        Assert.Equal(GrpcStatusCode.Unavailable, answer.Status);
        Assert.Equal("truncated", answer.ErrorInfo!.Metadata["kind"]);
    }

    [Fact]
    public async Task EachReply_LeavesAtOnce()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        using var request = RawGrpc.Request(RawGrpc.Count, new ByteArrayContent(RawGrpc.Frame(new CountRequest { Count = 1, Hold = true })));

        using var response = await raw.StartAsync(request, Patience.Token);
        await using var body = await response.Content.ReadAsStreamAsync(Patience.Token);
        var reply = new byte[RawGrpc.Frame(new EchoReply { Text = "reply 0" }).Length];
        await body.ReadExactlyAsync(reply, Patience.Token);

        Assert.Equal("reply 0", EchoReply.Parser.ParseFrom(reply.AsSpan(5)).Text);
    }

    [Fact]
    public async Task SlowClient_HoldsTheHandlerUpUntilItLeaves()
    {
        await using var host = await EchoHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        using var other = new RawGrpc(host.Grpc);
        using var request = RawGrpc.Request(RawGrpc.Count, new ByteArrayContent(RawGrpc.Frame(new CountRequest { Count = 1_000, Bytes = 100_000 })));

        using (var response = await raw.StartAsync(request, Patience.Token))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Patience.Token);
            await body.ReadExactlyAsync(new byte[10_000_000], Patience.Token);

            // Time enough for a handler that is not held up to write everything.
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal(GrpcStatusCode.Ok, (await other.CallAsync(RawGrpc.Say, RawGrpc.Frame([]))).Status);
            }

            // What was read, and at most 16 MiB that the client's window may grow to.
            Assert.InRange(host.Echo.Written, 98, 300);
        }

        await host.Echo.ExpectAsync("write cancelled");
        Assert.InRange(host.Echo.Written, 98, 300);
    }

    [Fact]
    public async Task ClientThatReadsNothing_IsResetAtTheDeadline()
    {
        const int Cancel = 8;
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync(time: time);
        using var raw = new RawGrpc(host.Grpc);

        // More than any window takes, so that once the headers are here, the one write waits for its reader.
        using var request = RawGrpc.Request(
            RawGrpc.Count, new ByteArrayContent(RawGrpc.Frame(new CountRequest { Count = 1, Bytes = 100_000_000 })), ("grpc-timeout", "1S"));
        using var response = await raw.StartAsync(request, Patience.Token);

        time.Advance(TimeSpan.FromSeconds(1));

        await host.Echo.ExpectAsync("write cancelled");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(Patience.Token));
        Assert.Equal(Cancel, Assert.IsType<HttpProtocolException>(error.InnerException).ErrorCode);
        Assert.Equal(GrpcStatusCode.Ok, (await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]))).Status);
        Assert.Empty(host.Log.Lines);
    }
}
