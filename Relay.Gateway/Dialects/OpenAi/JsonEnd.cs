namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>
/// Sees whether a JSON object that passes by, in pieces of any size, has come to its end: a body without an announced length ends in the
/// same way when it is cut. It counts brackets outside of strings and checks nothing else.
/// </summary>
internal struct JsonEnd
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>The object that began has ended.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Takes the next piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        foreach (var b in piece)
        {
            if (_inString)
            {
                _inString = _escaped || b != (byte)'"';
                _escaped = !_escaped && b == (byte)'\\';
            }
            else if (b == (byte)'"')
            {
                _inString = true;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (b is (byte)'}' or (byte)']')
            {
                _depth--;
                IsWhole |= _depth == 0;
            }
        }
    }
}
