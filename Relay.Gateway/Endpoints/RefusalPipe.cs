using System.IO.Pipelines;

namespace Relay.Gateway.Endpoints;

/// <summary>
/// A connection as it is, until an answer is put in the place of the server's own: what the server writes after that is dropped.
/// </summary>
internal sealed class RefusalPipe(IDuplexPipe connection) : PipeWriter, IDuplexPipe
{
    private const int ScratchSize = 4 * 1024;

    private readonly PipeWriter _output = connection.Output;
    private byte[]? _scratch;

    /// <inheritdoc/>
    public PipeReader Input => connection.Input;

    /// <inheritdoc/>
    public PipeWriter Output => this;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => _output.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => _output.UnflushedBytes;

    /// <summary>Sends this with the next flush, and drops what comes after it. Only between answers.</summary>
    public void AnswerInstead(ReadOnlySpan<byte> answer)
    {
        answer.CopyTo(_output.GetSpan(answer.Length));
        _output.Advance(answer.Length);
        _scratch = new byte[ScratchSize];
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => _scratch is null ? _output.GetMemory(sizeHint) : Scratch(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => _scratch is null ? _output.GetSpan(sizeHint) : Scratch(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_scratch is null)
        {
            _output.Advance(bytes);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _scratch is null ? _output.WriteAsync(source, cancellationToken) : _output.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _output.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void CancelPendingFlush() => _output.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _output.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => _output.CompleteAsync(exception);

    private byte[] Scratch(int size) => _scratch!.Length >= size ? _scratch : _scratch = new byte[size];
}
