using Relay.Gateway.Attempts;
using Relay.Grpc;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>The answer of <c>Complete</c>: one message, which leaves with the status.</summary>
internal sealed class CompleteAnswer(GrpcCall call) : GrpcAnswer(call)
{
    private ChatResponse? _response;

    /// <inheritdoc/>
    /// <remarks>A message is one piece.</remarks>
    public override bool TakesPieces => false;

    /// <summary>The answer.</summary>
    /// <exception cref="GrpcException">There is none.</exception>
    public ChatResponse Response
    {
        get
        {
            ThrowUnlessWhole();
            return _response!;
        }
    }

    /// <inheritdoc/>
    public override ValueTask SendPlainAsync(AnswerHead head, ReadOnlyMemory<byte> body)
    {
        Started = true;
        _response = ChatAnswerReader.Read(body.Span);
        (_response.Usage, _response.Relay) = (RelayNotes.UsageOf(head), RelayNotes.All(head));
        IsWhole = true;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void BeginPlain(AnswerHead head) => throw new NotSupportedException("It takes no pieces.");

    /// <inheritdoc/>
    public override void BeginStream(AnswerHead head) => throw new NotSupportedException("It is no stream.");

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes) => throw new NotSupportedException("It is no stream.");

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask EndStreamAsync(AnswerHead head) => throw new NotSupportedException("It is no stream.");

    /// <inheritdoc/>
    protected override ValueTask SendRestAsync() => ValueTask.CompletedTask;
}
