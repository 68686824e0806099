using Google.Protobuf.Reflection;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Auth;
using Relay.Gateway.Tests.Kit;
using Relay.Grpc;
using Relay.Grpc.Client;
using Relay.Grpc.Wire.Health;
using Relay.Simulator;
using Relay.TestKit;
using static Relay.Grpc.Wire.Health.HealthCheckResponse.Types;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>Deadlines, clients that leave or do not read, keys, metadata, and a gateway that stops.</summary>
public sealed class LifeTests
{
    /// <summary>No limit of the gateway's own passes before the client's deadline.</summary>
    private static readonly TimeoutOptions LongLimits = TimeoutOptions.Default with
    {
        FirstToken = TimeSpan.FromMinutes(1), Idle = TimeSpan.FromMinutes(1), Connect = TimeSpan.FromMinutes(1), PoolWait = TimeSpan.FromMinutes(1),
    };

    private static readonly ServiceDescriptor Health = HealthReflection.Descriptor.Services[0];

    [Theory]
    [InlineData(false, "silence", 0)]
    [InlineData(true, "silence", 0)]
    [InlineData(true, "stall-after=5", 5)]
    public async Task Deadline_EndsTheCall_LetsTheProviderGo_AndIsInTheRecord(bool stream, string fault, int words)
    {
        var time = new ManualTimeProvider();
        await using var rig = await Rig.StartAsync(new RigOptions { Time = time, Timeouts = LongLimits });
        using var grpc = new GrpcChat(rig.Gateway);
        rig.Primary.Faults.Add("*", fault);

        // The client does not know of it, so that it waits for what the server says.
        var options = GrpcChat.With(("grpc-timeout", "5S"));
        var asking = stream ? grpc.ReadAsync(options: options) : FailAsync(grpc, options);
        await rig.Primary.Log.WaitForAsync(r => r.WordsSent >= words, Patience.Token);

        time.Advance(TimeSpan.FromSeconds(5));

        var status = (await asking).Error!;
        Assert.Equal((GrpcStatusCode.DeadlineExceeded, ErrorKind.ClientDeadline), (status.Code, status.Kind));
        await rig.Primary.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.ClientDeadline, Verdict.Neutral), (record.Error, Assert.Single(record.Attempts).Verdict));
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Theory]
    [InlineData("5S", "60000")]
    [InlineData("60S", "5000")]
    public async Task EarlierDeadline_OfCallAndHeader_Counts(string call, string header)
    {
        var time = new ManualTimeProvider();
        await using var rig = await Rig.StartAsync(new RigOptions { Time = time, Timeouts = LongLimits });
        using var grpc = new GrpcChat(rig.Gateway);
        rig.Break("silence");
        var asking = grpc.FailAsync(options: GrpcChat.With(("grpc-timeout", call), ("x-relay-timeout-ms", header)));
        await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);

        time.Advance(TimeSpan.FromSeconds(5));

        var status = await asking;
        Assert.Equal((GrpcStatusCode.DeadlineExceeded, ErrorKind.ClientDeadline), (status.Code, status.Kind));
        Assert.Equal(ErrorKind.ClientDeadline, (await rig.Records.NextAsync()).Error);
    }

    /// <summary>gRPC's clients count to the same moment and hang up; whoever is first, it was the deadline.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task ClientThatHangsUpAtItsDeadline_LeftForThat(int msBefore)
    {
        var time = new ManualTimeProvider();
        await using var rig = await Rig.StartAsync(new RigOptions { Time = time, Timeouts = LongLimits });
        using var grpc = new GrpcChat(rig.Gateway);
        rig.Break("silence");
        using var leave = new CancellationTokenSource();
        var asking = grpc.CompleteAsync(options: GrpcChat.With(("grpc-timeout", "5S")), cancellation: leave.Token);
        await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);
        time.Advance(TimeSpan.FromMilliseconds(5_000 - msBefore));

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => asking);
        Assert.Equal(ErrorKind.ClientDeadline, (await rig.Records.NextAsync()).Error);
    }

    [Theory]
    [InlineData(false, "silence")]
    [InlineData(true, "headers-then-silence")]
    [InlineData(true, "stall-after=5")]
    public async Task Cancel_CancelsUpstreamAtOnce(bool stream, string fault)
    {
        await using var rig = await Rig.StartAsync();
        using var grpc = new GrpcChat(rig.Gateway);
        rig.Primary.Faults.Add("*", fault);
        using var leave = new CancellationTokenSource();
        var asking = stream ? DrainAsync(grpc, leave.Token) : grpc.CompleteAsync(cancellation: leave.Token);
        var words = fault.StartsWith("stall", StringComparison.Ordinal) ? 5 : 0;
        await rig.Primary.Log.WaitForAsync(r => r.WordsSent >= words, Patience.Token);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await rig.Primary.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.ClientClosed, Verdict.Neutral), (record.Error, Assert.Single(record.Attempts).Verdict));
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Fact]
    public async Task ClientThatDoesNotRead_IsCutOffAfterTheStallLimit_AndItsProviderCancelled()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var large = Sse.Text(new string('x', 64 * 1024));
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                try
                {
                    await call.StartStreamAsync();
                    while (true)
                    {
                        await call.WriteAsync(large);
                    }
                }
                catch (IOException)
                {
                    left.SetResult();
                }
            },
            new RigOptions { Config = c => c with { Listen = c.Listen with { MinClientBytesPerSecond = 0 }, Limits = c.Limits with { ClientStall = TimeSpan.FromMilliseconds(300) } } });
        using var grpc = new GrpcChat(raw.Rig.Gateway);
        await using var chunks = grpc.StreamAsync().GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        await left.Task.WaitAsync(Patience.Token);

        Assert.Equal(ErrorKind.ClientClosed, (await raw.Rig.Records.NextAsync()).Error);
        var error = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            while (await chunks.MoveNextAsync())
            {
                Assert.Null(chunks.Current.Usage);
            }
        });
        Assert.NotEqual(GrpcStatusCode.Ok, error.Status.Code);
        Assert.Equal(0, raw.Rig.Records.Waiting);
    }

    [Fact]
    public async Task Keys_AreThoseOfHttp()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Config = c => c with { Keys = [KeyTests.Alice] } });
        using var grpc = new GrpcChat(rig.Gateway);

        var missing = await grpc.FailAsync();
        var wrong = await grpc.FailAsync(options: GrpcChat.With(("authorization", "Bearer wrong")));
        var answer = await grpc.CompleteAsync(options: GrpcChat.With(("authorization", "Bearer relay-key-of-alice")));

        Assert.Equal((GrpcStatusCode.Unauthenticated, "missing_api_key"), (missing.Code, missing.ErrorCode));
        Assert.Equal((GrpcStatusCode.Unauthenticated, "invalid_api_key"), (wrong.Code, wrong.ErrorCode));
        Assert.Equal(rig.Expected(), answer.Choices[0].Message.Text);
        Assert.Equal("alice", (await rig.Records.NextAsync()).Key);
        Assert.Contains("relay_rejected_requests_total{error_type=\"authentication\"} 2\n", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_SaysWhatHeadersSayOverHttp()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var rig = await Rig.StartAsync();
        using var grpc = new GrpcChat(rig.Gateway);

        var answer = await grpc.CompleteAsync(options: GrpcChat.With(("x-relay-tags", "team=a"), ("x-relay-target", "p1/gpt-sim"), ("traceparent", Trace)));

        Assert.Equal("p1/gpt-sim", answer.Relay.Target);
        var record = await rig.Records.NextAsync();
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", KeyValuePair.Create("team", "a")), (record.TraceId, Assert.Single(record.Tags)));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await rig.Fallback.Log.WaitForAsync(_ => true, Patience.Token)).TraceParent?.Split('-')[1]);
    }

    [Fact]
    public async Task StoppingGateway_IsNotServing_TakesNoCalls_AndFinishesStreamsWhole()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var raw = await RawRig.StartAsync(async call =>
        {
            await call.StartStreamAsync();
            await call.WriteAsync(Sse.Role + Sse.Text("wh"));
            await release.Task.WaitAsync(call.Stopped);
            await call.WriteAsync(Sse.Text("ole") + Sse.Finish() + Sse.Usage + Sse.Done);
        });
        using var grpc = new GrpcChat(raw.Rig.Gateway);
        using var watcher = new GrpcClient(raw.Rig.Gateway.GrpcUrl, TimeProvider.System);
        await using var chunks = grpc.StreamAsync().GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        var watch = watcher.StreamAsync<HealthCheckRequest, HealthCheckResponse>(
            Health.FindMethodByName("Watch"), new() { Service = "relay.v1.Chat" }, cancellation: Patience.Token);
        await using var health = watch.GetAsyncEnumerator();
        Assert.True(await health.MoveNextAsync());
        Assert.Equal(ServingStatus.Serving, health.Current.Status);

        var stopping = raw.Rig.Gateway.StopAsync();

        Assert.True(await health.MoveNextAsync());
        Assert.Equal(ServingStatus.NotServing, health.Current.Status);
        var ended = await Assert.ThrowsAsync<GrpcException>(async () => await health.MoveNextAsync());
        Assert.Equal(GrpcStatusCode.Unavailable, ended.Status.Code);
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        var text = chunks.Current.Choices[0].Text;
        var last = chunks.Current;
        while (await chunks.MoveNextAsync())
        {
            last = chunks.Current;
            text += string.Concat(last.Choices.Select(c => c.Text));
        }

        await stopping.WaitAsync(Patience.Token);
        Assert.Equal(("whole", 18), (text, last.Usage.Tokens.Total));
        Assert.Equal(ErrorKind.None, (await raw.Rig.Records.NextAsync()).Error);
        Assert.Equal(GrpcStatusCode.Unavailable, (await grpc.FailAsync()).Code);
    }

    [Fact]
    public async Task StreamLongerThanTheDrain_DoesNotEndWell_AndLeavesOneRecord()
    {
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                await call.StartStreamAsync();
                await call.WriteAsync(Sse.Role + Sse.Text("part"));
                await call.GatewayLeftAsync();
            },
            new RigOptions { Config = c => c with { Listen = c.Listen with { Drain = TimeSpan.FromMilliseconds(200) } } });
        using var grpc = new GrpcChat(raw.Rig.Gateway);
        await using var chunks = grpc.StreamAsync().GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync() && await chunks.MoveNextAsync());
        Assert.Equal("part", chunks.Current.Choices[0].Text);

        await raw.Rig.Gateway.StopAsync().WaitAsync(Patience.Token);

        await Assert.ThrowsAsync<GrpcException>(async () => await chunks.MoveNextAsync());
        Assert.NotEqual(ErrorKind.None, (await raw.Rig.Records.NextAsync()).Error);
        Assert.Equal(0, raw.Rig.Records.Waiting);
    }

    [Fact]
    public async Task OtherPort_SpeaksTheOtherProtocolOnly()
    {
        await using var rig = await Rig.StartAsync();
        using var wrong = new GrpcClient(rig.Gateway.Url, TimeProvider.System);

        var error = await Assert.ThrowsAsync<GrpcException>(() => wrong.UnaryAsync<V1.ChatRequest, V1.ChatResponse>(GrpcChat.Complete, GrpcChat.Ask(), null, Patience.Token));

        Assert.Equal(GrpcStatusCode.Unavailable, error.Status.Code);
        using var http = new HttpClient();
        await Assert.ThrowsAnyAsync<Exception>(async () => (await http.GetAsync(new Uri(rig.Gateway.GrpcUrl, "/v1/models"), Patience.Token)).EnsureSuccessStatusCode());
        Assert.Equal(0, rig.Records.Waiting);
    }

    private static async Task<Streamed> FailAsync(GrpcChat grpc, GrpcCallOptions options) => new([], await grpc.FailAsync(options: options));

    private static async Task DrainAsync(GrpcChat grpc, CancellationToken leave)
    {
        await foreach (var chunk in grpc.StreamAsync(cancellation: leave))
        {
            Assert.Null(chunk.Usage);
        }
    }
}
