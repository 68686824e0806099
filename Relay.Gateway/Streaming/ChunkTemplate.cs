using System.Buffers;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Streaming;

/// <summary>
/// Reads the chunks of a stream that differ from one before in nothing but the text of their delta, which is nearly all of them: the
/// bytes around the text are compared, and the text is searched for what would end or break a JSON string. Exact, not a guess: where it
/// says yes, a full parse would have found the same. Everything else is left to the full parse.
/// </summary>
internal struct ChunkTemplate
{
    /// <summary>The largest chunk that is kept as a template: 4 KiB.</summary>
    private const int MaxLength = 4096;

    /// <summary>What may not stand in a JSON string as it is (RFC 8259, section 7), and the backslash, whose escapes are left to the parser.</summary>
    private static readonly SearchValues<byte> Special =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private byte[]? _bytes;
    private int _length;
    private int _textStart;
    private int _textEnd;
    private bool _isContent;

    /// <summary>True when the chunk is the template with another text that is not empty.</summary>
    public readonly bool Matches(ReadOnlySpan<byte> data)
    {
        if (_bytes is null)
        {
            return false;
        }

        var tail = _length - _textEnd;
        var text = data.Length - _textStart - tail;
        return text > 0
            && data[.._textStart].SequenceEqual(_bytes.AsSpan(0, _textStart))
            && data[^tail..].SequenceEqual(_bytes.AsSpan(_textEnd, tail))
            && data.Slice(_textStart, text).IndexOfAny(Special) < 0;
    }

    /// <summary>The content of a chunk that <see cref="Matches"/>, without any escape; empty when the template's text is reasoning.</summary>
    public readonly ReadOnlySpan<byte> Content(ReadOnlySpan<byte> data) => _isContent ? data[_textStart..^(_length - _textEnd)] : default;

    /// <summary>Keeps a chunk that was read in full, when all that it says is one piece of text.</summary>
    public void Learn(ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        if (scan.TextLength == 0 || data.Length > MaxLength)
        {
            return;
        }

        if (_bytes is null || _bytes.Length < data.Length)
        {
            Return();
            _bytes = ArrayPool<byte>.Shared.Rent(data.Length);
        }

        data.CopyTo(_bytes);
        _length = data.Length;
        _textStart = scan.TextStart;
        _textEnd = scan.TextStart + scan.TextLength;
        _isContent = scan.ContentLength > 0;
    }

    /// <summary>Gives the memory back.</summary>
    public void Return()
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = null;
        }
    }
}
