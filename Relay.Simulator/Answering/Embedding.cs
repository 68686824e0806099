namespace Relay.Simulator;

/// <summary>A deterministic vector of length one for a text.</summary>
public static class Embedding
{
    /// <summary>The longest vector served.</summary>
    public const int MaxDimensions = 4096;

    /// <summary>The vector a simulator with this seed answers for a text.</summary>
    public static float[] Vector(int seed, string text, int dimensions)
    {
        var random = new SplitMix64(Answers.Hash(seed, text, "embedding", 0));
        var vector = new float[dimensions];
        var sum = 0.0;
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] = (float)((random.NextDouble() * 2) - 1);
            sum += (double)vector[i] * vector[i];
        }

        var length = (float)Math.Sqrt(sum);
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }
}
