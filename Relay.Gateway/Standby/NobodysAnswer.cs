using Relay.Gateway.Attempts;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Standby;

/// <summary>Where the answer to a probe goes: nowhere.</summary>
internal sealed class NobodysAnswer(CancellationToken gone) : AnswerWriter
{
    /// <inheritdoc/>
    public override CancellationToken Gone => gone;

    /// <inheritdoc/>
    public override ValueTask SendPlainAsync(AnswerHead head, ReadOnlyMemory<byte> body) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask SendErrorAsync(AnswerHead head, RelayError error) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override void BeginPlain(AnswerHead head)
    {
    }

    /// <inheritdoc/>
    public override void BeginStream(AnswerHead head)
    {
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask EndStreamAsync(AnswerHead head) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask BreakAsync(RelayError error) => ValueTask.CompletedTask;
}
