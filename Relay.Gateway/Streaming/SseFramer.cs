namespace Relay.Gateway.Streaming;

/// <summary>One event of an event stream, as it stands in the buffer.</summary>
/// <param name="Raw">Where its bytes are, blank line included.</param>
/// <param name="Data">Where its payload is; for several data lines, see <see cref="SseFramer.JoinData"/>.</param>
/// <param name="DataLines">How many data lines it has; 0 for a comment or an event without data.</param>
internal readonly record struct SseEvent(Range Raw, Range Data, int DataLines);

/// <summary>
/// Cuts a byte stream into server-sent events, by the rules of the WHATWG HTML standard (section 9.2.6): lines end in LF, CR or CRLF,
/// in any mixture and under any split of the bytes. It looks at each byte once and copies nothing: the caller owns the buffer.
/// </summary>
internal struct SseFramer
{
    private int _eventStart;
    private int _lineStart;
    private int _scanned;
    private int _dataStart;
    private int _dataEnd;
    private int _dataLines;
    private bool _skipLineFeed;
    private bool _pastMark;

    /// <summary>Bytes from here on are not yet part of a finished event.</summary>
    public readonly int Consumed => _eventStart;

    /// <summary>Tells that the caller has dropped <see cref="Consumed"/> bytes from the front of its buffer.</summary>
    public void Rebase()
    {
        _lineStart -= _eventStart;
        _scanned -= _eventStart;
        _dataStart -= _eventStart;
        _dataEnd -= _eventStart;
        _eventStart = 0;
    }

    /// <summary>Finds the next finished event in <paramref name="buffer"/>, which starts where it did at the last call and may have grown.</summary>
    public bool TryRead(ReadOnlySpan<byte> buffer, out SseEvent found)
    {
        if (!_pastMark && !SkipMark(buffer))
        {
            found = default;
            return false;
        }

        while (_scanned < buffer.Length)
        {
            if (_skipLineFeed)
            {
                _skipLineFeed = false;
                if (buffer[_scanned] == (byte)'\n')
                {
                    // The second half of a CRLF whose CR already ended the line: it belongs to what came before.
                    if (_eventStart == _scanned)
                    {
                        _eventStart++;
                    }

                    _scanned++;
                    _lineStart = _scanned;
                    continue;
                }
            }

            var end = buffer[_scanned..].IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                _scanned = buffer.Length;
                break;
            }

            var lineEnd = _scanned + end;
            _skipLineFeed = buffer[lineEnd] == (byte)'\r';
            var next = lineEnd + 1;
            if (_skipLineFeed && next < buffer.Length && buffer[next] == (byte)'\n')
            {
                next++;
                _skipLineFeed = false;
            }

            var finished = EndLine(buffer, lineEnd, next, out found);
            _scanned = next;
            _lineStart = next;
            if (finished)
            {
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>The payload of an event: its data lines, joined by line feeds. Allocates only for more than one line.</summary>
    public static ReadOnlySpan<byte> JoinData(ReadOnlySpan<byte> buffer, in SseEvent found)
    {
        if (found.DataLines <= 1)
        {
            return buffer[found.Data];
        }

        var raw = buffer[found.Raw];
        var joined = new byte[raw.Length];
        var length = 0;
        var lines = 0;
        foreach (var line in SplitLines(raw))
        {
            if (TryGetData(raw[line], out var value))
            {
                if (lines++ > 0)
                {
                    joined[length++] = (byte)'\n';
                }

                raw[line][value..].CopyTo(joined.AsSpan(length));
                length += raw[line].Length - value;
            }
        }

        return joined.AsSpan(0, length);
    }

    /// <summary>The name of an event: the value of its last event line, or empty.</summary>
    public static ReadOnlySpan<byte> EventName(ReadOnlySpan<byte> buffer, in SseEvent found)
    {
        var left = buffer[found.Raw];
        ReadOnlySpan<byte> name = default;
        while (!left.IsEmpty)
        {
            var end = left.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? left : left[..end];
            if (line.StartsWith("event:"u8))
            {
                name = line.Length > 6 && line[6] == (byte)' ' ? line[7..] : line[6..];
            }

            left = end < 0 ? default : left[(end + 1)..];
        }

        return name;
    }

    /// <summary>A byte order mark at the very start belongs to no event; false while it cannot be told yet.</summary>
    private bool SkipMark(ReadOnlySpan<byte> buffer)
    {
        var mark = "\uFEFF"u8;
        if (buffer.Length < mark.Length && mark.StartsWith(buffer))
        {
            return false;
        }

        _pastMark = true;
        if (buffer.StartsWith(mark))
        {
            _eventStart = _lineStart = _scanned = mark.Length;
        }

        return true;
    }

    private bool EndLine(ReadOnlySpan<byte> buffer, int lineEnd, int next, out SseEvent found)
    {
        found = default;
        var line = buffer[_lineStart..lineEnd];
        if (line.Length > 0)
        {
            if (TryGetData(line, out var value))
            {
                _dataLines++;
                _dataStart = _lineStart + value;
                _dataEnd = lineEnd;
            }

            return false;
        }

        found = new SseEvent(_eventStart..next, _dataLines > 0 ? _dataStart.._dataEnd : 0..0, _dataLines);
        _eventStart = next;
        _dataLines = 0;
        return true;
    }

    /// <summary>Is this a data line, and where does its value start? One space after the colon belongs to the syntax.</summary>
    private static bool TryGetData(ReadOnlySpan<byte> line, out int value)
    {
        value = 0;
        if (!line.StartsWith("data"u8) || (line.Length > 4 && line[4] != (byte)':'))
        {
            return false;
        }

        value = line.Length > 5 && line[5] == (byte)' ' ? 6 : Math.Min(5, line.Length);
        return true;
    }

    private static List<Range> SplitLines(ReadOnlySpan<byte> raw)
    {
        var lines = new List<Range>();
        var start = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] is (byte)'\n' or (byte)'\r')
            {
                lines.Add(start..i);
                start = i + 1;
            }
        }

        return lines;
    }
}
