using Relay.ServiceDefaults.Metrics;

namespace Relay.Gateway.Telemetry.Metrics;

/// <summary>A cumulative histogram with fixed bounds. Thread-safe without a lock; observing costs two interlocked adds.</summary>
internal sealed class MetricHistogram(MetricBounds bounds)
{
    private readonly long[] _counts = new long[bounds.Upper.Length + 1];
    private long _sum;

    /// <summary>Something was observed.</summary>
    public bool IsUsed => Volatile.Read(ref _sum) != 0 || _counts.Any(c => c != 0);

    /// <summary>Counts one observation in the bounds' own whole unit.</summary>
    public void Observe(long value)
    {
        var upper = bounds.UpperUnits;
        var bucket = 0;
        while (bucket < upper.Length && value > upper[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, value);
    }

    /// <summary>Writes it under the current family.</summary>
    public void Write(MetricsText text, params ReadOnlySpan<string> labels) =>
        text.Histogram(bounds.Upper, _counts, Volatile.Read(ref _sum) / bounds.UnitsPerOne, labels);
}

/// <summary>Bucket bounds as Prometheus sees them, and in the whole unit that is observed.</summary>
internal sealed class MetricBounds
{
    private const double Micros = 1e6;

    /// <summary>Creates bounds.</summary>
    public MetricBounds(double unitsPerOne, params double[] upper)
    {
        UnitsPerOne = unitsPerOne;
        Upper = upper;
        UpperUnits = [.. upper.Select(u => (long)Math.Round(u * unitsPerOne))];
    }

    /// <summary>Whole requests and attempts: 0.1 to 120 s.</summary>
    public static MetricBounds Duration { get; } = new(Micros, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 90, 120);

    /// <summary>Time to first token: 10 ms to 60 s.</summary>
    public static MetricBounds FirstToken { get; } = new(Micros, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 12, 20, 60);

    /// <summary>Time between tokens: 1 ms to 20 s.</summary>
    public static MetricBounds InterToken { get; } = new(Micros, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 5, 20);

    /// <summary>What Relay adds: 50 µs to 1 s.</summary>
    public static MetricBounds Overhead { get; } = new(Micros, 0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 1);

    /// <summary>Tokens per second: 10 to 200, observed in thousandths.</summary>
    public static MetricBounds TokensPerSecond { get; } = new(1000, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120, 140, 160, 180, 200);

    /// <summary>Bounds as shown.</summary>
    public double[] Upper { get; }

    /// <summary>Bounds in the unit observed.</summary>
    public long[] UpperUnits { get; }

    /// <summary>Observed units in one shown unit.</summary>
    public double UnitsPerOne { get; }
}
