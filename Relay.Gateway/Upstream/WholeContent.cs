using Relay.Gateway.Attempts;

namespace Relay.Gateway.Upstream;

/// <summary>Writes a body that was made for this attempt.</summary>
internal sealed class WholeContent : TimedContent
{
    private readonly ReadOnlyMemory<byte> _body;

    /// <summary>Creates the content.</summary>
    public WholeContent(ReadOnlyMemory<byte> body, AttemptClock clock, TimeSpan writeLimit, Phase next, TimeSpan nextLimit)
        : base(clock, writeLimit, next, nextLimit)
    {
        _body = body;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <inheritdoc/>
    protected override int Length => _body.Length;

    /// <inheritdoc/>
    protected override ValueTask WriteAsync(Stream stream, CancellationToken cancellation) => stream.WriteAsync(_body, cancellation);
}
