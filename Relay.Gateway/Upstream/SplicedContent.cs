using Relay.Gateway.Attempts;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Upstream;

/// <summary>Writes the client's body with its splices.</summary>
internal sealed class SplicedContent : TimedContent
{
    private readonly PooledBody _body;
    private readonly RequestSplice _splice;

    /// <summary>Creates the content.</summary>
    /// <param name="body">The client's body.</param>
    /// <param name="splice">Its pieces.</param>
    /// <param name="clock">The attempt's clock.</param>
    /// <param name="writeLimit">How long the writing may take.</param>
    /// <param name="next">The phase after the writing.</param>
    /// <param name="nextLimit">Its limit.</param>
    public SplicedContent(PooledBody body, RequestSplice splice, AttemptClock clock, TimeSpan writeLimit, Phase next, TimeSpan nextLimit)
        : base(clock, writeLimit, next, nextLimit)
    {
        _body = body;
        _splice = splice;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <inheritdoc/>
    protected override int Length => _splice.Length;

    /// <inheritdoc/>
    protected override async ValueTask WriteAsync(Stream stream, CancellationToken cancellation)
    {
        if (!_body.TryAddReader())
        {
            throw new IOException("The request is over.");
        }

        try
        {
            for (var piece = 0; piece < RequestSplice.Pieces; piece++)
            {
                if (_splice[piece] is { Length: > 0 } bytes)
                {
                    await stream.WriteAsync(bytes, cancellation);
                }
            }
        }
        finally
        {
            _body.RemoveReader();
        }
    }
}
