using System.Buffers;

namespace Relay.Gateway.Streaming;

/// <summary>The events before the first token, held back until there is one: until then another target may still take over.</summary>
internal sealed class HeldEvents
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    /// <summary>What is held.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Holds one more event; false when that would be more than the limit.</summary>
    public bool TryAdd(ReadOnlySpan<byte> raw, int limit)
    {
        if (_bytes.WrittenCount + raw.Length > limit)
        {
            return false;
        }

        _bytes.Write(raw);
        if (raw[^1] != (byte)'\n')
        {
            // It ended in a bare CR: see StreamRelay.
            _bytes.Write("\n"u8);
        }

        return true;
    }
}
