namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// Keeps the text of a thinking block while it streams by, so that the block can be given out whole with its signature: only so can a
/// client send it back. A text beyond <see cref="MaxBytes"/> is not kept, and its block not given out.
/// </summary>
internal sealed class ThinkingKeeper
{
    /// <summary>The longest text that is kept, in bytes of JSON: 512 KiB, half of what an event may have.</summary>
    public const int MaxBytes = 512 * 1024;

    private const int NoBlock = -1;

    private readonly RawText _text = new();
    private readonly RawText _signature = new();
    private int _index = NoBlock;
    private bool _tooLong;

    /// <summary>A block begins.</summary>
    public void Start(int index)
    {
        _index = index;
        _tooLong = false;
        _text.Clear();
        _signature.Clear();
    }

    /// <summary>A piece of its text.</summary>
    public void Add(ReadOnlySpan<byte> inner)
    {
        _tooLong |= _text.Length + inner.Length > MaxBytes;
        if (!_tooLong)
        {
            _text.Append(inner);
        }
    }

    /// <summary>A piece of its signature.</summary>
    public void Sign(ReadOnlySpan<byte> inner)
    {
        _tooLong |= _signature.Length + inner.Length > MaxBytes;
        if (!_tooLong)
        {
            _signature.Append(inner);
        }
    }

    /// <summary>A block ends; true when it is this one and it can be given out.</summary>
    public bool TryTake(int index, out ReadOnlySpan<byte> text, out ReadOnlySpan<byte> signature)
    {
        text = _text.Inner;
        signature = _signature.Inner;
        if (index != _index)
        {
            return false;
        }

        _index = NoBlock;
        return !_tooLong && !signature.IsEmpty;
    }
}
