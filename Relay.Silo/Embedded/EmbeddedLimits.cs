namespace Relay.Silo.Embedded;

/// <summary>How many names the embedded engine keeps apart. Past that, everything counts under <see cref="EmbeddedGrains.Other"/>.</summary>
public sealed record EmbeddedLimits
{
    /// <summary>The defaults.</summary>
    public static EmbeddedLimits Default { get; } = new();

    /// <summary>The most targets. Default 10,000; at least 0.</summary>
    public int Targets { get; init => field = AtLeastZero(value); } = 10_000;

    /// <summary>The most models. Default 10,000; at least 0.</summary>
    public int Models { get; init => field = AtLeastZero(value); } = 10_000;

    private static int AtLeastZero(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }
}
