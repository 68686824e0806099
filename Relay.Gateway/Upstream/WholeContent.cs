namespace Relay.Gateway.Upstream;

/// <summary>Writes a body that was made for this attempt.</summary>
internal sealed class WholeContent(ReadOnlyMemory<byte> body, Timing timing) : TimedContent(timing)
{
    /// <inheritdoc/>
    protected override int Length => body.Length;

    /// <inheritdoc/>
    protected override ValueTask WriteAsync(Stream stream, CancellationToken cancellation) => stream.WriteAsync(body, cancellation);
}
