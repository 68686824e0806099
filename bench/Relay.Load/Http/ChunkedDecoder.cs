namespace Relay.Load.Http;

/// <summary>Takes the chunked transfer coding off a body (RFC 9112, section 7.1), under any split of its bytes. Trailers are skipped.</summary>
internal struct ChunkedDecoder
{
    private State _state;
    private long _left;
    private bool _emptyLine;

    private enum State
    {
        Size,
        SizeRest,
        Data,
        DataEnd,
        Trailer,
        Done,
    }

    /// <summary>The last chunk and the trailer were read.</summary>
    public readonly bool IsDone => _state == State.Done;

    /// <summary>Takes bytes from the front of <paramref name="input"/> up to the end of the next piece of data; the piece may be empty.</summary>
    /// <exception cref="InvalidDataException">This is not the chunked coding.</exception>
    public ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> input)
    {
        while (input.Length > 0 && !IsDone)
        {
            if (_state == State.Data)
            {
                var piece = input[..(int)Math.Min(_left, input.Length)];
                input = input[piece.Length..];
                _left -= piece.Length;
                _state = _left == 0 ? State.DataEnd : State.Data;
                return piece;
            }

            Step(input[0]);
            input = input[1..];
        }

        return [];
    }

    private void Step(byte b)
    {
        switch (_state)
        {
            case State.Size when Hex(b) is >= 0 and var digit:
                _left = (_left * 16) + digit;
                break;
            case State.Size when b is (byte)'\r' or (byte)';':
                _state = State.SizeRest;
                break;
            case State.SizeRest:
                _emptyLine = true;
                _state = b != (byte)'\n' ? State.SizeRest : _left == 0 ? State.Trailer : State.Data;
                break;
            case State.DataEnd when b is (byte)'\r':
                break;
            case State.DataEnd when b is (byte)'\n':
                _state = State.Size;
                break;
            case State.Trailer when b == (byte)'\n':
                _state = _emptyLine ? State.Done : State.Trailer;
                _emptyLine = true;
                break;
            case State.Trailer:
                _emptyLine &= b == (byte)'\r';
                break;
            default:
                throw new InvalidDataException("The chunked coding is broken.");
        }
    }

    private static int Hex(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
