using Relay.Core.Errors;
using Relay.Grpc.Framing;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;
using Relay.TestKit;

namespace Relay.Grpc.Tests.Calls;

public sealed class DeadlineTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("450m", 450)]
    [InlineData("500000u", 500)]
    [InlineData("99999999n", 100)]
    public async Task Expiry_CancelsTheHandlerAndIsDeadlineExceeded(string timeout, int milliseconds)
    {
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync(time: time);
        using var raw = new RawGrpc(host.Grpc);
        var answering = raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { Hold = true }), ("grpc-timeout", timeout));
        await host.Echo.ExpectAsync("entered");

        time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.False(host.Echo.LastCall!.Cancellation.IsCancellationRequested);
        time.Advance(TimeSpan.FromMilliseconds(1));

        await host.Echo.ExpectAsync("deadline");
        var answer = await answering;
        Assert.True(answer.IsTrailersOnly);
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, answer.Status);
        Assert.Equal("client_deadline", answer.ErrorInfo!.Metadata["kind"]);
    }

    [Fact]
    public async Task Expiry_EndsAStreamAfterWhatWasSent()
    {
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync(time: time);
        using var raw = new RawGrpc(host.Grpc);
        var answering = raw.CallAsync(RawGrpc.Count, RawGrpc.Frame(new CountRequest { Count = 3, Hold = true }), ("grpc-timeout", "5S"));
        await host.Echo.ExpectAsync("entered");

        time.Advance(TimeSpan.FromSeconds(5));

        var answer = await answering;
        Assert.Equal(3, answer.Replies.Count);
        Assert.Equal("4", answer.Trailers["grpc-status"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData((int)ErrorKind.Internal)]
    public async Task HandlerThatDoesNotHear_StillEndsAsDeadlineExceededWithoutItsReply(int failKind)
    {
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync(time: time);
        using var raw = new RawGrpc(host.Grpc);
        var answering = raw.CallAsync(RawGrpc.Say, RawGrpc.Frame(new EchoRequest { Deaf = true, Text = "late", FailKind = failKind }), ("grpc-timeout", "1S"));
        await host.Echo.ExpectAsync("entered");

        time.Advance(TimeSpan.FromSeconds(1));
        host.Echo.LetGo.SetResult();

        var answer = await answering;
        Assert.True(answer.IsTrailersOnly);
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, answer.Status);
    }

    [Fact]
    public async Task RequestThatNeverEnds_EndsAtTheDeadline()
    {
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync(time: time);
        using var raw = new RawGrpc(host.Grpc);
        using var body = new PiecesContent();
        var armed = new TaskCompletionSource();
        time.TimersChanged += () => armed.TrySetResult();
        var answering = raw.SendAsync(RawGrpc.Request(RawGrpc.Say, body, ("grpc-timeout", "1S")));
        await armed.Task.WaitAsync(Patience.Token);

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await answering).Status);
        body.End();
    }

    [Fact]
    public async Task Zero_IsOverAtOnce()
    {
        await using var host = await EchoHost.StartAsync(time: new ManualTimeProvider());
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]), ("grpc-timeout", "0S"));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, answer.Status);
    }

    [Theory]
    [InlineData("99999999H")]
    [InlineData("99999999S")]
    public async Task FarDeadline_IsServed(string timeout)
    {
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync(time: time);
        using var raw = new RawGrpc(host.Grpc);

        var answer = await raw.CallAsync(RawGrpc.Say, RawGrpc.Frame([]), ("grpc-timeout", timeout));

        Assert.Equal(GrpcStatusCode.Ok, answer.Status);
        Assert.True(host.Echo.LastCall!.Timeout > TimeSpan.FromDays(1_000));
        Assert.Equal(0, time.ArmedTimers);
    }

    [Theory]
    [InlineData(0, "0u")]
    [InlineData(1, "1u")]
    [InlineData(10, "1u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(TimeSpan.TicksPerDay * 10, "864000S")]
    [InlineData(TimeSpan.TicksPerDay * 2_000, "2880000M")]
    [InlineData(long.MaxValue, "99999999H")]
    public void Format_IsTheFinestUnitThatFits(long ticks, string text) => Assert.Equal(text, TimeoutHeader.Format(new TimeSpan(ticks)));
}
