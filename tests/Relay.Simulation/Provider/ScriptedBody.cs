using Relay.Simulation.Time;

namespace Relay.Simulation.Provider;

/// <summary>A body on its way: what has come by now can be read, in pieces of any size.</summary>
/// <param name="script">The body.</param>
/// <param name="time">The clock.</param>
/// <param name="pieces">Draws sizes of reads; null: as much as is there.</param>
internal sealed class ScriptedBody(Script script, VirtualTime time, Rng? pieces) : Stream
{
    private readonly TimeSpan _start = time.Elapsed;
    private int _read;
    private int _part;
    private bool _isGone;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Outside.Run((this, buffer, cancellationToken), static s => s.Item1.ReadOnceAsync(s.buffer, s.cancellationToken));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isGone = true;
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isGone, this);
        cancellation.ThrowIfCancellationRequested();
        while (_read < script.Length)
        {
            var there = There();
            if (there > _read)
            {
                var count = Math.Min(buffer.Length, Math.Min(there, script.Length) - _read);
                count = pieces is null ? count : Math.Min(count, pieces.Between(1, 200));
                script.Bytes.Slice(_read, count).CopyTo(buffer);
                _read += count;
                return count;
            }

            await Pause.For(time, script.Parts[_part].At - (time.Elapsed - _start), cancellation);
        }

        switch (script.Ending)
        {
            case Ending.Ends:
                return 0;
            case Ending.Breaks:
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection broke.");
            default:
                await Pause.For(time, Timeout.InfiniteTimeSpan, cancellation);
                return 0;
        }
    }

    /// <summary>How many bytes have come by now.</summary>
    private int There()
    {
        var elapsed = time.Elapsed - _start;
        while (_part < script.Parts.Count && script.Parts[_part].At <= elapsed)
        {
            _part++;
        }

        return _part == 0 ? 0 : script.Parts[_part - 1].Until;
    }
}

/// <summary>The content of a provider's answer; tells when it was let go of.</summary>
/// <param name="body">The body.</param>
/// <param name="freed">Called once.</param>
internal sealed class ScriptedContent(ScriptedBody body, Action freed) : HttpContent
{
    private bool _isFreed;

    /// <inheritdoc/>
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(body);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isFreed)
        {
            _isFreed = true;
            freed();
        }

        base.Dispose(disposing);
    }
}
