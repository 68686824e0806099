using System.Net;
using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Upstream;

/// <summary>Writes the client's body with its splices, and moves the attempt's clock on: a connection is there, then the request is written.</summary>
internal sealed class SplicedContent : HttpContent
{
    private readonly PooledBody _body;
    private readonly RequestSplice _splice;
    private readonly AttemptClock _clock;
    private readonly TimeSpan _writeLimit;
    private readonly Phase _next;
    private readonly TimeSpan _nextLimit;

    /// <summary>Creates the content.</summary>
    /// <param name="body">The client's body.</param>
    /// <param name="splice">Its pieces.</param>
    /// <param name="clock">The attempt's clock.</param>
    /// <param name="writeLimit">How long the writing may take.</param>
    /// <param name="next">The phase after the writing.</param>
    /// <param name="nextLimit">Its limit.</param>
    public SplicedContent(PooledBody body, RequestSplice splice, AttemptClock clock, TimeSpan writeLimit, Phase next, TimeSpan nextLimit)
    {
        _body = body;
        _splice = splice;
        _clock = clock;
        _writeLimit = writeLimit;
        _next = next;
        _nextLimit = nextLimit;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!_body.TryAddReader())
        {
            throw new IOException("The request is over.");
        }

        try
        {
            _clock.Enter(Phase.RequestWrite, _writeLimit);
            for (var piece = 0; piece < RequestSplice.Pieces; piece++)
            {
                if (_splice[piece] is { Length: > 0 } bytes)
                {
                    await stream.WriteAsync(bytes, cancellationToken);
                }
            }

            _clock.Enter(_next, _nextLimit);
        }
        finally
        {
            _body.RemoveReader();
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _splice.Length;
        return true;
    }
}
