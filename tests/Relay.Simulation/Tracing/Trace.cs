namespace Relay.Simulation.Tracing;

/// <summary>What happened in a run: always as a hash, by which two runs are the same or not, and on wish as lines.</summary>
/// <param name="keep">How many lines are kept, the last ones; 0: none.</param>
internal sealed class Trace(int keep)
{
    private readonly Queue<TraceEvent> _lines = new();

    /// <summary>A number that every line so far changes.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    /// <summary>How many lines there were.</summary>
    public long Count { get; private set; }

    /// <summary>Those that are kept, oldest first.</summary>
    public IReadOnlyCollection<TraceEvent> Lines => _lines;

    /// <summary>Adds a line.</summary>
    public void Add(in TraceEvent line)
    {
        Count++;
        var place = ((ulong)(uint)line.Request << 32) | ((ulong)(uint)line.Gateway << 16) | ((ulong)(byte)line.Target << 8) | (ulong)line.What;
        Hash = Rng.Mix(Hash ^ Rng.Mix(place ^ Rng.Mix((ulong)line.At.Ticks ^ Rng.Mix((ulong)line.Value))));
        if (keep > 0)
        {
            _lines.Enqueue(line);
            if (_lines.Count > keep)
            {
                _lines.Dequeue();
            }
        }
    }
}
