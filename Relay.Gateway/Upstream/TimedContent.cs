using System.Net;
using Relay.Gateway.Attempts;

namespace Relay.Gateway.Upstream;

/// <summary>A JSON body that moves the attempt's clock on: a connection is there, then the request is written.</summary>
internal abstract class TimedContent : HttpContent
{
    private readonly Timing _timing;

    /// <summary>Creates the content.</summary>
    protected TimedContent(Timing timing)
    {
        _timing = timing;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

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
        _timing.Clock.Enter(Phase.RequestWrite, _timing.WriteLimit);
        await WriteAsync(stream, cancellationToken);
        _timing.Clock.Enter(_timing.Next, _timing.NextLimit);
    }

    /// <inheritdoc/>
    protected sealed override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }
}
