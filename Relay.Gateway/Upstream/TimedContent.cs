using System.Net;
using Relay.Gateway.Attempts;

namespace Relay.Gateway.Upstream;

/// <summary>A body that moves the attempt's clock on: a connection is there, then the request is written.</summary>
/// <param name="clock">The attempt's clock.</param>
/// <param name="writeLimit">How long the writing may take.</param>
/// <param name="next">The phase after the writing.</param>
/// <param name="nextLimit">Its limit.</param>
internal abstract class TimedContent(AttemptClock clock, TimeSpan writeLimit, Phase next, TimeSpan nextLimit) : HttpContent
{
    /// <summary>Its length in bytes.</summary>
    protected abstract int Length { get; }

    /// <summary>Writes it.</summary>
    protected abstract ValueTask WriteAsync(Stream stream, CancellationToken cancellation);

    /// <inheritdoc/>
    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected sealed override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        clock.Enter(Phase.RequestWrite, writeLimit);
        await WriteAsync(stream, cancellationToken);
        clock.Enter(next, nextLimit);
    }

    /// <inheritdoc/>
    protected sealed override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }
}
