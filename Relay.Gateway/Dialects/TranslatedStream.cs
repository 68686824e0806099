using System.Buffers;
using Relay.Gateway.Streaming;

namespace Relay.Gateway.Dialects;

/// <summary>
/// A provider's stream as if it had spoken OpenAI: reads its events, and gives chat.completion.chunk events. An event that cannot be read
/// comes out as one that cannot be read, so that it is counted where all are.
/// </summary>
/// <param name="inner">The provider's body.</param>
/// <param name="translator">What translates its events; of this stream alone.</param>
/// <param name="maxEventBytes">The longest event that is taken: <c>limits.maxSseLineBytes</c>.</param>
internal sealed class TranslatedStream(Stream inner, EventTranslator translator, int maxEventBytes) : Stream
{
    private static readonly byte[] Unreadable = "data: !\n\n"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _translated = new(4096);
    private EventBuffer _events = new();
    private int _given;
    private bool _ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_given == _translated.WrittenCount)
        {
            if (_ended)
            {
                return 0;
            }

            _translated.ResetWrittenCount();
            _given = 0;
            var read = await inner.ReadAsync(_events.Free, cancellationToken);
            _events.Advance(read);
            if (read == 0)
            {
                _ended = true;
                _events.Terminate();
            }

            Translate();
        }

        var next = _translated.WrittenMemory[_given..];
        var length = Math.Min(next.Length, buffer.Length);
        next[..length].CopyTo(buffer);
        _given += length;
        return length;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _events.Return();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Translate()
    {
        while (_events.TryRead(out var found))
        {
            if (found.DataLines == 0)
            {
                continue;
            }

            var data = SseFramer.JoinData(_events.Bytes, found);
            if (!translator.Translate(SseFramer.EventName(_events.Bytes, found), data, _translated))
            {
                _translated.Write(Unreadable);
            }
        }

        if (_events.Open > maxEventBytes)
        {
            throw new HttpIOException(HttpRequestError.ConfigurationLimitExceeded, "An event is over limits.maxSseLineBytes.");
        }

        if (_ended)
        {
            translator.End(_translated);
        }

        _events.MakeRoom();
    }
}
