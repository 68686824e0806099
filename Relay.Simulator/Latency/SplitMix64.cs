namespace Relay.Simulator;

/// <summary>A small seeded generator (Steele, Lea, Flood: SplitMix64) whose sequence never changes between runtimes.</summary>
internal struct SplitMix64(ulong state)
{
    private ulong _state = state;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 (inclusive) to 1 (exclusive).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 (inclusive) to <paramref name="max"/> (exclusive).</summary>
    public int Next(int max) => (int)(Next() % (ulong)max);

    /// <summary>Mixes two values into a seed.</summary>
    public static ulong Mix(ulong a, ulong b) => new SplitMix64(a ^ (b * 0xD6E8FEB86659FD93)).Next();
}
