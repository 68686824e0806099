using System.Buffers;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>A JSON string put together from pieces of others, escapes and all.</summary>
internal sealed class RawText
{
    private readonly ArrayBufferWriter<byte> _quoted = new(256);

    /// <summary>Starts empty.</summary>
    public RawText() => Clear();

    /// <summary>Bytes so far, without quotes.</summary>
    public int Length => _quoted.WrittenCount - 1;

    /// <summary>The bytes so far, without quotes.</summary>
    public ReadOnlySpan<byte> Inner => _quoted.WrittenSpan[1..];

    /// <summary>Adds a piece.</summary>
    /// <param name="inner">The inside of a JSON string.</param>
    public void Append(ReadOnlySpan<byte> inner) => _quoted.Write(inner);

    /// <summary>Adds what separates this piece from the one before, if there was one.</summary>
    public void Separate(ReadOnlySpan<byte> inner)
    {
        if (Length > 0)
        {
            Append(inner);
        }
    }

    /// <summary>The inside of a JSON string ends in white space.</summary>
    public static bool EndsInWhiteSpace(ReadOnlySpan<byte> inner) => TrimEnd(inner).Length < inner.Length;

    /// <summary>The inside of a JSON string without white space at its end, be it written out or as an escape.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> inner)
    {
        while (true)
        {
            if (inner is [.., (byte)' '])
            {
                inner = inner[..^1];
            }
            else if (inner is [.., (byte)'\\', (byte)'n' or (byte)'r' or (byte)'t']
                && (inner.Length - 1 - inner[..^1].TrimEnd((byte)'\\').Length) % 2 == 1)
            {
                inner = inner[..^2];
            }
            else
            {
                return inner;
            }
        }
    }

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        _quoted.ResetWrittenCount();
        _quoted.Write("\""u8);
    }

    /// <summary>Writes it as a field, and starts over.</summary>
    public void WriteTo(Utf8JsonWriter to, ReadOnlySpan<byte> name)
    {
        _quoted.Write("\""u8);
        to.WritePropertyName(name);
        to.WriteRawValue(_quoted.WrittenSpan, skipInputValidation: true);
        Clear();
    }
}
