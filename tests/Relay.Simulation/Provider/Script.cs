using System.Buffers;

namespace Relay.Simulation.Provider;

/// <summary>How a body ends.</summary>
internal enum Ending : byte
{
    /// <summary>As a whole one does.</summary>
    Ends,

    /// <summary>The connection breaks.</summary>
    Breaks,

    /// <summary>Not at all.</summary>
    Hangs,
}

/// <summary>A body: its bytes, when each part of them is there, and how it ends.</summary>
internal sealed class Script
{
    private readonly ArrayBufferWriter<byte> _bytes = new(2048);
    private readonly List<(int Until, TimeSpan At)> _parts = [];
    private TimeSpan _at;

    /// <summary>All of its bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory[..Length];

    /// <summary>How many of the bytes come.</summary>
    public int Length { get; private set; }

    /// <summary>Up to which byte the body is there from when on, counted from its head.</summary>
    public IReadOnlyList<(int Until, TimeSpan At)> Parts => _parts;

    /// <summary>How it ends, after its last byte.</summary>
    public Ending Ending { get; private set; }

    /// <summary>Where the bytes of the next part are written.</summary>
    public IBufferWriter<byte> Writer => _bytes;

    /// <summary>All that was written since the last part is there so much later than it.</summary>
    public void Part(TimeSpan after)
    {
        _at += after;
        Length = _bytes.WrittenCount;
        _parts.Add((Length, _at));
    }

    /// <summary>Ends it at a byte.</summary>
    public void Cut(int at, Ending ending)
    {
        Length = Math.Min(at, Length);
        Ending = ending;
    }

    /// <summary>Ends it otherwise after its last byte.</summary>
    public void EndWith(Ending ending) => Ending = ending;

    /// <summary>A body that begins with the first so many parts of this one.</summary>
    public Script Start(int parts)
    {
        var start = new Script { _at = parts == 0 ? TimeSpan.Zero : _parts[parts - 1].At };
        start._bytes.Write(_bytes.WrittenSpan[..(parts == 0 ? 0 : _parts[parts - 1].Until)]);
        start._parts.AddRange(_parts.Take(parts));
        start.Length = start._bytes.WrittenCount;
        return start;
    }

    /// <summary>The same body without one of its parts, or with it twice.</summary>
    public Script Without(int part, bool again)
    {
        var copy = new Script { Ending = Ending };
        for (var (i, from, at) = (0, 0, TimeSpan.Zero); i < _parts.Count && from < Length; from = _parts[i].Until, at = _parts[i].At, i++)
        {
            var bytes = _bytes.WrittenSpan[from..Math.Min(_parts[i].Until, Length)];
            copy._bytes.Write(i != part ? bytes : again ? [.. bytes, .. bytes] : []);
            copy.Part(_parts[i].At - at);
        }

        return copy;
    }

    /// <summary>Falls silent at a byte for so long.</summary>
    public void Pause(int at, TimeSpan silence)
    {
        var index = _parts.FindIndex(part => part.Until > at);
        if (index < 0)
        {
            return;
        }

        _parts.Insert(index, (at, _parts[index].At));
        for (var i = index + 1; i < _parts.Count; i++)
        {
            _parts[i] = (_parts[i].Until, _parts[i].At + silence);
        }
    }
}
