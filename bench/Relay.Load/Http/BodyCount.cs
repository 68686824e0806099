namespace Relay.Load.Http;

/// <summary>Follows one body to its end, whatever its framing.</summary>
internal struct BodyCount(in ResponseHead head, SseGauge gauge)
{
    private readonly long _announced = head.Chunked ? -1 : Math.Max(head.ContentLength, 0);
    private readonly bool _events = head.EventStream;
    private ChunkedDecoder _chunks;

    /// <summary>Bytes so far, without the transfer coding.</summary>
    public long Bytes { get; private set; }

    /// <summary>It is complete.</summary>
    public readonly bool IsDone => _announced >= 0 ? Bytes >= _announced : _chunks.IsDone;

    /// <summary>Takes the next bytes from the wire.</summary>
    public void Take(ReadOnlySpan<byte> wire, long now)
    {
        if (_announced >= 0)
        {
            Count(wire, now);
            return;
        }

        while (wire.Length > 0 && !_chunks.IsDone)
        {
            Count(_chunks.Next(ref wire), now);
        }
    }

    private void Count(ReadOnlySpan<byte> data, long now)
    {
        Bytes += data.Length;
        if (_events && data.Length > 0)
        {
            gauge.Feed(data, now);
        }
    }
}
