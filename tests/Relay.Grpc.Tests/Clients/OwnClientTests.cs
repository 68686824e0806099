using System.Net;
using System.Net.Sockets;
using Google.Protobuf.Reflection;
using Relay.Core.Errors;
using Relay.Grpc.Client;
using Relay.Grpc.Tests.Echoes;
using Relay.Grpc.Tests.Kit;
using Relay.TestKit;

namespace Relay.Grpc.Tests.Clients;

/// <summary>Relay's own client, which its tools use.</summary>
public sealed class OwnClientTests
{
    private static readonly MethodDescriptor Say = EchoReflection.Descriptor.Services[0].FindMethodByName("Say");
    private static readonly MethodDescriptor Count = EchoReflection.Descriptor.Services[0].FindMethodByName("Count");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unary_GivesTheReply(bool gzip)
    {
        await using var host = await EchoHost.StartAsync(around: (call, next) =>
            call.GetMetadata("authorization") == "Bearer sk" ? next() : throw new GrpcException(ErrorKind.Authentication, "No."));
        using var client = new GrpcClient(host.Grpc, TimeProvider.System);
        var options = new GrpcCallOptions { Gzip = gzip, Metadata = [new("authorization", "Bearer sk")] };
        var text = new string('x', 50_000);

        var reply = await client.UnaryAsync<EchoRequest, EchoReply>(Say, new EchoRequest { Text = text }, options, Patience.Token);

        Assert.Equal(text, reply.Text);
    }

    [Fact]
    public async Task Stream_GivesEveryReplyThenTheError()
    {
        await using var host = await EchoHost.StartAsync();
        using var client = new GrpcClient(host.Grpc, TimeProvider.System);
        var numbers = new List<int>();

        var error = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await foreach (var reply in client.StreamAsync<CountRequest, EchoReply>(Count, new CountRequest { Count = 100, Fail = true }, cancellation: Patience.Token))
            {
                numbers.Add(reply.Number);
            }
        });

        Assert.Equal(Enumerable.Range(0, 100), numbers);
        Assert.Equal(GrpcStatusCode.Unavailable, error.Status.Code);
        Assert.Equal(ErrorKind.Truncated, error.Status.Kind);
    }

    [Fact]
    public async Task Error_HasKindMessageAndRetryAfter()
    {
        await using var host = await EchoHost.StartAsync();
        using var client = new GrpcClient(host.Grpc, TimeProvider.System);
        var request = new EchoRequest { FailKind = (int)ErrorKind.RateLimited, FailMessage = "Später: 100 %", RetryAfterMs = 700 };

        var error = await Assert.ThrowsAsync<GrpcException>(() => client.UnaryAsync<EchoRequest, EchoReply>(Say, request, null, Patience.Token));

        Assert.Equal(
            (GrpcStatusCode.ResourceExhausted, ErrorKind.RateLimited, "Später: 100 %", TimeSpan.FromMilliseconds(700)),
            (error.Status.Code, error.Status.Kind, error.Status.Message, error.Status.RetryAfter));
    }

    [Fact]
    public async Task LeavingTheLoop_CancelsTheCall()
    {
        await using var host = await EchoHost.StartAsync();
        using var client = new GrpcClient(host.Grpc, TimeProvider.System);

        await foreach (var reply in client.StreamAsync<CountRequest, EchoReply>(Count, new CountRequest { Count = 1, Hold = true }, cancellation: Patience.Token))
        {
            Assert.Equal(0, reply.Number);
            await host.Echo.ExpectAsync("entered");
            break;
        }

        await host.Echo.ExpectAsync("client gone");
    }

    [Fact]
    public async Task Deadline_EndsTheCallHere()
    {
        var time = new ManualTimeProvider();
        await using var host = await EchoHost.StartAsync();
        using var client = new GrpcClient(host.Grpc, time);
        var calling = client.UnaryAsync<EchoRequest, EchoReply>(Say, new EchoRequest { Hold = true }, new() { Timeout = TimeSpan.FromHours(1) }, Patience.Token);
        await host.Echo.ExpectAsync("entered");

        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<GrpcException>(() => calling)).Status.Code);
        await host.Echo.ExpectAsync("client gone");
        Assert.Equal(TimeSpan.FromHours(1), host.Echo.LastCall!.Timeout);
    }

    [Fact]
    public async Task Cancellation_IsCancellation()
    {
        await using var host = await EchoHost.StartAsync();
        using var client = new GrpcClient(host.Grpc, TimeProvider.System);
        using var leave = new CancellationTokenSource();
        var calling = client.UnaryAsync<EchoRequest, EchoReply>(Say, new EchoRequest { Hold = true }, null, leave.Token);
        await host.Echo.ExpectAsync("entered");

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await host.Echo.ExpectAsync("client gone");
    }

    [Fact]
    public async Task NobodyThere_IsUnavailableAndNamesTheAddress()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"http://{taken.LocalEndPoint}");
        using var client = new GrpcClient(address, TimeProvider.System);

        var error = await Assert.ThrowsAsync<GrpcException>(() => client.UnaryAsync<EchoRequest, EchoReply>(Say, new EchoRequest(), null, Patience.Token));

        Assert.Equal(GrpcStatusCode.Unavailable, error.Status.Code);
        Assert.Contains(address.ToString(), error.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpPort_IsUnavailableRatherThanAHang()
    {
        await using var host = await EchoHost.StartAsync();
        using var client = new GrpcClient(host.Http, TimeProvider.System);

        var error = await Assert.ThrowsAsync<GrpcException>(() => client.UnaryAsync<EchoRequest, EchoReply>(Say, new EchoRequest(), null, Patience.Token));

        Assert.Equal(GrpcStatusCode.Unavailable, error.Status.Code);
    }
}
