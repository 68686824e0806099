using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Upstream;

/// <summary>Writes the client's body with its splices.</summary>
/// <param name="body">The client's body.</param>
/// <param name="splice">Its pieces.</param>
/// <param name="timing">The attempt's.</param>
internal sealed class SplicedContent(PooledBody body, RequestSplice splice, Timing timing) : TimedContent(timing)
{
    /// <inheritdoc/>
    protected override int Length => splice.Length;

    /// <inheritdoc/>
    protected override async ValueTask WriteAsync(Stream stream, CancellationToken cancellation)
    {
        if (!body.TryAddReader())
        {
            throw new IOException("The request is over.");
        }

        try
        {
            for (var piece = 0; piece < RequestSplice.Pieces; piece++)
            {
                if (splice[piece] is { Length: > 0 } bytes)
                {
                    await stream.WriteAsync(bytes, cancellation);
                }
            }
        }
        finally
        {
            body.RemoveReader();
        }
    }
}
