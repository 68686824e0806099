namespace Relay.Simulation;

/// <summary>Random numbers from a seed (SplitMix64, Steele et al. 2014). Each part of a run has a stream of its own, so that one more draw here changes nothing there.</summary>
internal sealed class Rng
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private readonly ulong _seed;
    private ulong _state;

    /// <summary>Starts at a seed.</summary>
    public Rng(ulong seed) => _seed = _state = seed;

    /// <summary>A stream of its own.</summary>
    public Rng Fork(ulong part) => new(Mix(_seed ^ Mix(part + Step)));

    /// <summary>Spreads the bits of a number over all its bits.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>In [0, 1).</summary>
    public double Unit() => (Mix(_state += Step) >> 11) * (1.0 / (1UL << 53));

    /// <summary>In [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)(Unit() * count);

    /// <summary>In [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>One of them.</summary>
    public T Pick<T>(params ReadOnlySpan<T> all) => all[Below(all.Length)];

    /// <summary>Seconds, evenly spread.</summary>
    public TimeSpan Seconds(double low, double high) => TimeSpan.FromSeconds(low + (Unit() * (high - low)));

    /// <summary>Seconds, exponentially spread around a mean and at most twenty times it.</summary>
    public TimeSpan About(double meanSeconds) => TimeSpan.FromSeconds(meanSeconds * Math.Min(20, -Math.Log(1 - Unit())));
}
