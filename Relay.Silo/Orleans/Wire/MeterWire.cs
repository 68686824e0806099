using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>Counters as they travel: only those above zero, by <see cref="CounterCodes"/>.</summary>
[GenerateSerializer, Immutable, Alias("relay.counts")]
public sealed record CountsWire([property: Id(0)] int[] Codes, [property: Id(1)] long[] Values)
{
    /// <summary>Packs a vector.</summary>
    public static CountsWire Of(ReadOnlySpan<long> counts)
    {
        var (codes, values) = (new List<int>(), new List<long>());
        for (var place = 0; place < counts.Length; place++)
        {
            if (counts[place] != 0)
            {
                codes.Add(CounterCodes.Of(place));
                values.Add(counts[place]);
            }
        }

        return new([.. codes], [.. values]);
    }

    /// <summary>The vector; what this version does not know is left out.</summary>
    public long[] ToPlain()
    {
        var counts = new long[Counters.Width];
        for (var i = 0; i < Math.Min(Codes.Length, Values.Length); i++)
        {
            if (CounterCodes.Place(Codes[i]) is var place and >= 0)
            {
                counts[place] = Values[i];
            }
        }

        return counts;
    }
}

/// <summary>A distribution as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.histogram")]
public sealed record HistogramWire(
    [property: Id(0)] ushort[] Indices, [property: Id(1)] long[] Counts, [property: Id(2)] long Sum, [property: Id(3)] long Min, [property: Id(4)] long Max)
{
    /// <summary>Packs a distribution; nothing travels of an empty one.</summary>
    public static HistogramWire? Of(HistogramSnapshot plain) => plain.IsEmpty
        ? null
        : new([.. plain.BucketIndices], [.. plain.BucketCounts], plain.SumMicros, plain.MinMicros, plain.MaxMicros);

    /// <summary>The distribution; empty where the parts do not fit together.</summary>
    public static HistogramSnapshot ToPlain(HistogramWire? wire) => wire is null
        ? HistogramSnapshot.Empty
        : HistogramSnapshot.TryCreate(wire.Indices, wire.Counts, wire.Sum, wire.Min, wire.Max) ?? HistogramSnapshot.Empty;
}

/// <summary>A meter's figures as they travel: a delta, or a window.</summary>
[GenerateSerializer, Immutable, Alias("relay.meter")]
public sealed record MeterWire(
    [property: Id(0)] CountsWire Counts,
    [property: Id(1)] HistogramWire? Latency,
    [property: Id(2)] HistogramWire? FirstToken,
    [property: Id(3)] HistogramWire? InterToken,
    [property: Id(4)] HistogramWire? TokensPerSecond)
{
    /// <summary>Packs a delta.</summary>
    public static MeterWire? Of(MeterDelta? plain) => plain is null ? null : new(
        CountsWire.Of(plain.Counts), HistogramWire.Of(plain.Latency), HistogramWire.Of(plain.FirstToken), HistogramWire.Of(plain.InterToken), HistogramWire.Of(plain.TokensPerSecond));

    /// <summary>Packs a window's figures.</summary>
    public static MeterWire Of(MeterStats plain) => new(
        CountsWire.Of(plain.Counts), HistogramWire.Of(plain.Latency), HistogramWire.Of(plain.FirstToken), HistogramWire.Of(plain.InterToken), HistogramWire.Of(plain.TokensPerSecond));

    /// <summary>The delta.</summary>
    public MeterDelta ToDelta() => new(
        Counts.ToPlain(), HistogramWire.ToPlain(Latency), HistogramWire.ToPlain(FirstToken), HistogramWire.ToPlain(InterToken), HistogramWire.ToPlain(TokensPerSecond));

    /// <summary>The window's figures.</summary>
    public MeterStats ToStats(int active) => new(
        Counts.ToPlain(), HistogramWire.ToPlain(Latency), HistogramWire.ToPlain(FirstToken), HistogramWire.ToPlain(InterToken), HistogramWire.ToPlain(TokensPerSecond), active);
}
