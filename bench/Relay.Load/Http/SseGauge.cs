namespace Relay.Load.Http;

/// <summary>Counts the events of a chat completion stream as they arrive, and keeps when tokens came. One stream at a time; memory is reused.</summary>
internal sealed class SseGauge
{
    private byte[] _carry = new byte[1024];
    private int _carried;
    private int[] _gaps = new int[128];
    private int _gapCount;
    private long _lastAt;

    /// <summary>Events with data, without the end mark.</summary>
    public int Events { get; private set; }

    /// <summary>Events that carry generated text.</summary>
    public int Deltas { get; private set; }

    /// <summary>Events that carry an error.</summary>
    public int Errors { get; private set; }

    /// <summary>The end mark came.</summary>
    public bool Done { get; private set; }

    /// <summary>When the first generated text came; 0 for never.</summary>
    public long FirstAt { get; private set; }

    /// <summary>Times between generated texts, in microseconds; texts that were read together have none between them.</summary>
    public ReadOnlySpan<int> Gaps => _gaps.AsSpan(0, _gapCount);

    /// <summary>Forgets the stream before.</summary>
    public void Start()
    {
        (_carried, _gapCount, _lastAt) = (0, 0, 0);
        (Events, Deltas, Errors, Done, FirstAt) = (0, 0, 0, false, 0);
    }

    /// <summary>Takes the next bytes of the body.</summary>
    /// <param name="bytes">Bytes, split anywhere.</param>
    /// <param name="now">When they were read.</param>
    public void Feed(ReadOnlySpan<byte> bytes, long now)
    {
        if (_carried == 0)
        {
            Keep(Count(bytes, now));
            return;
        }

        Append(bytes);
        var rest = Count(_carry.AsSpan(0, _carried), now);
        rest.CopyTo(_carry);
        _carried = rest.Length;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        _carried = 0;
        Append(rest);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_carry.Length < _carried + bytes.Length)
        {
            Array.Resize(ref _carry, Math.Max(_carry.Length * 2, _carried + bytes.Length));
        }

        bytes.CopyTo(_carry.AsSpan(_carried));
        _carried += bytes.Length;
    }

    /// <summary>Counts whole events; returns what is left over.</summary>
    private ReadOnlySpan<byte> Count(ReadOnlySpan<byte> bytes, long now)
    {
        for (int end; (end = bytes.IndexOf("\n\n"u8)) >= 0; bytes = bytes[(end + 2)..])
        {
            CountEvent(bytes[..end], now);
        }

        return bytes;
    }

    private void CountEvent(ReadOnlySpan<byte> text, long now)
    {
        if (!text.StartsWith("data: "u8))
        {
            return;
        }

        var data = text[6..];
        if (data.SequenceEqual("[DONE]"u8))
        {
            Done = true;
            return;
        }

        Events++;
        Errors += data.StartsWith("{\"error\""u8) ? 1 : 0;
        var content = data.IndexOf("\"content\":\""u8);
        if (content >= 0 && data[content + 11] != (byte)'"')
        {
            CountDelta(now);
        }
    }

    private void CountDelta(long now)
    {
        if (Deltas++ == 0)
        {
            FirstAt = now;
        }
        else if (now != _lastAt)
        {
            if (_gapCount == _gaps.Length)
            {
                Array.Resize(ref _gaps, _gaps.Length * 2);
            }

            _gaps[_gapCount++] = (int)Math.Min(Clock.Micros(_lastAt, now), int.MaxValue);
        }

        _lastAt = now;
    }
}
