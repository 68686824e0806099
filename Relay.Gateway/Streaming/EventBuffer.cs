using System.Buffers;

namespace Relay.Gateway.Streaming;

/// <summary>Pooled memory that a stream is read into, and the events that stand in it. Grows only while one event is larger than it.</summary>
internal struct EventBuffer()
{
    private const int FirstSize = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private SseFramer _framer;
    private int _filled;

    /// <summary>Where the next bytes may be read to; never empty.</summary>
    public readonly Memory<byte> Free => _bytes.AsMemory(_filled);

    /// <summary>All bytes since the last finished event, and those events that <see cref="TryRead"/> has just found.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _filled);

    /// <summary>Bytes that are not yet part of a finished event.</summary>
    public readonly int Open => _filled - _framer.Consumed;

    /// <summary>So many bytes were read to <see cref="Free"/>.</summary>
    public void Advance(int read) => _filled += read;

    /// <summary>Finds the next finished event; its ranges are into <see cref="Bytes"/>.</summary>
    public bool TryRead(out SseEvent found) => _framer.TryRead(Bytes, out found);

    /// <summary>Ends an event whose blank line never came, as some servers leave it out at the end of the body.</summary>
    public void Terminate()
    {
        if (Open == 0)
        {
            return;
        }

        while (_bytes.Length - _filled < 2)
        {
            Grow();
        }

        "\n\n"u8.CopyTo(_bytes.AsSpan(_filled));
        _filled += 2;
    }

    /// <summary>Drops the finished events and makes sure that something can be read.</summary>
    public void MakeRoom()
    {
        var consumed = _framer.Consumed;
        if (consumed > 0)
        {
            _bytes.AsSpan(consumed, _filled - consumed).CopyTo(_bytes);
            _filled -= consumed;
            _framer.Rebase();
        }

        if (_filled == _bytes.Length)
        {
            Grow();
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        _bytes.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
