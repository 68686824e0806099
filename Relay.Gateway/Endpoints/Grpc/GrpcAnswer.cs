using Relay.Core.Errors;
using Relay.Gateway.Attempts;
using Relay.Gateway.Errors;
using Relay.Grpc;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Writes an answer as a call of <c>relay.v1.Chat</c> does. It gets OpenAI's form, whatever the target speaks.</summary>
internal abstract class GrpcAnswer(GrpcCall call) : AnswerWriter
{
    private GrpcStatus? _failure;

    /// <inheritdoc/>
    /// <remarks>Not the call's own token: that its deadline has passed is for the attempt's clock to say, which then says so in the record too.</remarks>
    public override CancellationToken Gone => call.ClientGone;

    /// <inheritdoc/>
    public override string Protocol => "grpc";

    /// <summary>All of it was sent.</summary>
    protected bool IsWhole { get; set; }

    /// <summary>How the call ends: throws unless the answer is whole.</summary>
    /// <exception cref="GrpcException">It is not.</exception>
    public void ThrowUnlessWhole()
    {
        if (!IsWhole)
        {
            throw new GrpcException(_failure ?? GrpcStatus.Of(ErrorKind.ClientClosed, "The client closed the call."));
        }
    }

    /// <inheritdoc/>
    public override ValueTask SendErrorAsync(AnswerHead head, RelayError error)
    {
        _failure = GrpcErrors.StatusOf(error, head.Attempts);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask BreakAsync(RelayError error)
    {
        _failure = GrpcErrors.StatusOf(error, attempts: 1);
        if (error.Kind != ErrorKind.ClientClosed)
        {
            await SendRestAsync();
        }
    }

    /// <summary>Sends what was written before the break.</summary>
    protected abstract ValueTask SendRestAsync();
}
