namespace Relay.Gateway;

/// <summary>Uniform random numbers for jitter and weights: seeded, shared by all threads without a lock (SplitMix64, Steele et al. 2014).</summary>
public sealed class Sampler
{
    private long _state;

    /// <summary>Creates a sampler; the same seed gives the same numbers.</summary>
    public Sampler(long seed) => _state = seed;

    /// <summary>The next number in [0, 1).</summary>
    public double Next()
    {
        var z = (ulong)Interlocked.Add(ref _state, unchecked((long)0x9E3779B97F4A7C15));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
