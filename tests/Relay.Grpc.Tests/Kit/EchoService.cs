using System.Threading.Channels;
using Google.Protobuf;
using Relay.Core.Errors;
using Relay.Grpc.Tests.Echoes;

namespace Relay.Grpc.Tests.Kit;

/// <summary>The echo service. It tells what happens to its calls as events that a test can wait for.</summary>
internal sealed class EchoService
{
    private readonly Channel<string> _events = Channel.CreateBounded<string>(1_000);

    public EchoService(Func<GrpcCall, Func<ValueTask>, ValueTask>? around = null) =>
        Service = new GrpcService(EchoReflection.Descriptor.Services[0]) { Around = around }
            .Unary<EchoRequest, EchoReply>("Say", SayAsync)
            .ServerStream<CountRequest, EchoReply>("Count", CountAsync);

    public GrpcService Service { get; }

    /// <summary>Lets deaf calls go.</summary>
    public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The call that was served last.</summary>
    public GrpcCall? LastCall { get; private set; }

    /// <summary>How many replies the last stream has written.</summary>
    public int Written { get; private set; }

    /// <summary>Waits for the next event, which must be this one.</summary>
    public Task ExpectAsync(string expected) => ExpectOneOfAsync(expected);

    /// <summary>Waits for the next event, which must be one of these.</summary>
    public async Task ExpectOneOfAsync(params string[] expected) => Assert.Contains(await _events.Reader.ReadAsync(Patience.Token), expected);

    private async ValueTask<EchoReply> SayAsync(EchoRequest request, GrpcCall call)
    {
        LastCall = call;
        EchoMetadata(call);
        if (request.Deaf)
        {
            Tell("entered");
            await LetGo.Task;
        }
        else if (request.Hold)
        {
            await HoldAsync(call);
        }

        if (request.Crash)
        {
            throw new InvalidOperationException($"secret text of the request: {request.Text}");
        }

        return request.FailKind == 0 ? new EchoReply { Text = request.Text, Data = request.Data } : throw Failure(request);
    }

    private async ValueTask CountAsync(CountRequest request, IGrpcWriter<EchoReply> writer, GrpcCall call)
    {
        LastCall = call;
        EchoMetadata(call);
        Written = 0;
        try
        {
            for (var i = 0; i < request.Count; i++)
            {
                await writer.WriteAsync(new EchoReply { Number = i, Text = $"reply {i}", Data = ByteString.CopyFrom(new byte[request.Bytes]) });
                Written++;
            }
        }
        catch (OperationCanceledException)
        {
            Tell("write cancelled");
            throw;
        }

        if (request.Hold)
        {
            await HoldAsync(call);
        }

        if (request.Fail)
        {
            throw new GrpcException(ErrorKind.Truncated, "The stream broke.");
        }
    }

    private async ValueTask HoldAsync(GrpcCall call)
    {
        Tell("entered");
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = call.Cancellation.Register(() => over.TrySetResult());
        await over.Task;
        Tell(call.ClientGone.IsCancellationRequested ? "client gone" : "deadline");
        call.Cancellation.ThrowIfCancellationRequested();
    }

    private static void EchoMetadata(GrpcCall call)
    {
        if (call.GetMetadata("x-echo") is { } text)
        {
            call.SetHeader("x-echo", text);
            call.SetTrailer("x-echo-trailer", text);
        }

        var bytes = call.GetBinaryMetadata("x-echo-bin");
        if (bytes.Length > 0)
        {
            call.SetHeader("x-echo-bin", bytes[0]);
            call.SetTrailer("x-echo-trailer-bin", [.. bytes.SelectMany(b => b)]);
        }
    }

    private static GrpcException Failure(EchoRequest request) => new(GrpcStatus.Of((ErrorKind)request.FailKind, request.FailMessage) with
    {
        RetryAfter = request.RetryAfterMs == 0 ? null : TimeSpan.FromMilliseconds(request.RetryAfterMs),
        Info = [new("param", "text")],
    });

    private void Tell(string what) => Assert.True(_events.Writer.TryWrite(what));
}
