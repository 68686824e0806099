using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>What is asked for along a window, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.series-query")]
public readonly record struct SeriesQueryWire([property: Id(0)] int Part, [property: Id(1)] int Window, [property: Id(2)] TimeSpan Step)
{
    /// <summary>Packs a query.</summary>
    public static SeriesQueryWire Of(in SeriesQuery plain) => new((int)plain.Part, (int)plain.Window, plain.Step);

    /// <summary>The query.</summary>
    public SeriesQuery ToPlain() => new((MeterPart)Part, (Window)Window, Step);
}

/// <summary>One point of a series, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.series-point")]
public readonly record struct SeriesPointWire(
    [property: Id(0)] TimeSpan Start, [property: Id(1)] TimeSpan End, [property: Id(2)] CountsWire? Counts, [property: Id(3)] HistogramWire? Distribution);

/// <summary>A series, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.series")]
public sealed record SeriesWire([property: Id(0)] TimeSpan Step, [property: Id(1)] TimeSpan Now, [property: Id(2)] SeriesPointWire[] Points)
{
    /// <summary>Packs a series.</summary>
    public static SeriesWire Of(MeterSeries plain) => new(
        plain.Step,
        plain.Now,
        [.. plain.Points.Select(p => new SeriesPointWire(
            p.Start, p.End, p.Value.Counts.Length == 0 ? null : CountsWire.Of(p.Value.Counts), HistogramWire.Of(p.Value.Distribution)))]);

    /// <summary>The series.</summary>
    public MeterSeries ToPlain() => new(
        Step,
        Now,
        [.. Points.Select(p => new SeriesPoint<MeterSlice>(
            p.Start, p.End, new MeterSlice(p.Counts?.ToPlain() ?? [], HistogramWire.ToPlain(p.Distribution))))]);
}
