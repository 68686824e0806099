using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;
using Relay.Grpc;
using Setup = Relay.Gateway.Tests.Errors.EveryKindTests;

namespace Relay.Gateway.Tests.Grpc;

/// <summary>Every kind of error that can be reached over HTTP can be over gRPC too, and its client sees the status of its row with details.</summary>
public sealed class EveryKindTests
{
    private static readonly (string Name, string Value) Key = ("authorization", "Bearer relay-key-of-alice");

    public static TheoryData<ErrorKind> Kinds => Setup.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Kind_IsReachedAndToldByItsRow(ErrorKind kind)
    {
        using var dead = new DeadPort();
        var time = new Setup.BrokenTimeProvider();
        await using var rig = await Rig.StartAsync(Setup.Options(kind, dead, time));
        using var grpc = new GrpcChat(rig.Gateway);
        Setup.Prepare(kind, rig, time);

        if (kind == ErrorKind.ClientClosed)
        {
            await LeaveAsync(rig, grpc);
        }
        else
        {
            var status = await AskAsync(kind, rig, grpc);
            var row = ErrorTable.Of(kind);
            Assert.Equal(((GrpcStatusCode)row.GrpcStatus, kind, row.OpenAiCode), (status.Code, status.Kind, status.ErrorCode));
            Assert.NotEmpty(status.Message);
            Assert.Equal(kind is ErrorKind.RateLimited or ErrorKind.Overloaded, status.RetryAfter is not null);

            // The server itself tells of a deadline, and the planted fault strikes before there is an attempt.
            Assert.Equal(Setup.IsAdmitted(kind) && kind is not (ErrorKind.ClientDeadline or ErrorKind.Internal), status.Info.Contains(KeyValuePair.Create("should_retry", "false")));
        }

        if (Setup.IsAdmitted(kind))
        {
            Assert.Equal(kind, (await rig.Records.NextAsync()).Error);
        }
        else
        {
            Assert.Contains($"relay_rejected_requests_total{{error_type=\"{kind.Label()}\"}} 1\n", rig.Scrape(), StringComparison.Ordinal);
        }

        Assert.Equal(0, rig.Records.Waiting);
    }

    private static async Task<GrpcStatus> AskAsync(ErrorKind kind, Rig rig, GrpcChat grpc)
    {
        var request = GrpcChat.Ask();
        request.Model = kind == ErrorKind.UnknownModel ? "other" : Rig.Model;
        if (kind == ErrorKind.InvalidRequest)
        {
            request.Messages.Clear();
        }

        var options = kind switch
        {
            ErrorKind.Authentication => GrpcChat.With(("authorization", "Bearer wrong")),

            // The client does not know of it, so that it waits for what the server says.
            ErrorKind.ClientDeadline => GrpcChat.With(("grpc-timeout", "2S")),
            _ => GrpcChat.With(Key),
        };
        using var end = new CancellationTokenSource();
        if (kind is ErrorKind.Overloaded or ErrorKind.RateLimited)
        {
            // One that hangs comes before.
            var first = grpc.CompleteAsync(request, options, end.Token);
            await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);
            var status = await grpc.FailAsync(request, options);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            Assert.Equal(ErrorKind.ClientClosed, (await rig.Records.NextAsync()).Error);
            return status;
        }

        if (kind != ErrorKind.IdleTimeout)
        {
            return await grpc.FailAsync(request, options, stream: kind == ErrorKind.FirstTokenTimeout);
        }

        var streamed = await grpc.ReadAsync(request, options);
        Assert.Equal(3, streamed.Text.Split(' ').Length);
        return streamed.Error!;
    }

    private static async Task LeaveAsync(Rig rig, GrpcChat grpc)
    {
        using var leave = new CancellationTokenSource();
        var asking = grpc.CompleteAsync(cancellation: leave.Token);
        await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
