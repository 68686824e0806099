using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>One time slice of counters, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.counts-slice")]
public readonly record struct CountsSliceWire([property: Id(0)] int Level, [property: Id(1)] long Number, [property: Id(2)] bool IsOpen, [property: Id(3)] CountsWire Value);

/// <summary>One time slice of a distribution, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.histogram-slice")]
public readonly record struct HistogramSliceWire([property: Id(0)] int Level, [property: Id(1)] long Number, [property: Id(2)] bool IsOpen, [property: Id(3)] HistogramWire? Value);

/// <summary>All slices of a meter, as they travel.</summary>
[GenerateSerializer, Immutable, Alias("relay.history")]
public sealed record HistoryWire(
    [property: Id(0)] TimeSpan At,
    [property: Id(1)] CountsSliceWire[] Counts,
    [property: Id(2)] HistogramSliceWire[] Latency,
    [property: Id(3)] HistogramSliceWire[] FirstToken,
    [property: Id(4)] HistogramSliceWire[] InterToken,
    [property: Id(5)] HistogramSliceWire[] TokensPerSecond)
{
    /// <summary>Packs a history.</summary>
    public static HistoryWire Of(MeterHistory plain) => new(
        plain.At,
        [.. plain.Counts.Select(p => new CountsSliceWire(p.Level, p.Number, p.IsOpen, CountsWire.Of(p.Value)))],
        Pack(plain.Latency),
        Pack(plain.FirstToken),
        Pack(plain.InterToken),
        Pack(plain.TokensPerSecond));

    /// <summary>The history.</summary>
    public MeterHistory ToPlain() => new(
        At,
        [.. Counts.Select(p => new SlicePart<long[]>(p.Level, p.Number, p.IsOpen, p.Value.ToPlain()))],
        Unpack(Latency),
        Unpack(FirstToken),
        Unpack(InterToken),
        Unpack(TokensPerSecond));

    private static HistogramSliceWire[] Pack(SlicePart<HistogramSnapshot>[] parts) =>
        [.. parts.Select(p => new HistogramSliceWire(p.Level, p.Number, p.IsOpen, HistogramWire.Of(p.Value)))];

    private static SlicePart<HistogramSnapshot>[] Unpack(HistogramSliceWire[] parts) =>
        [.. parts.Select(p => new SlicePart<HistogramSnapshot>(p.Level, p.Number, p.IsOpen, HistogramWire.ToPlain(p.Value)))];
}

/// <summary>What a grain gets back of one gateway, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.delivery")]
public sealed record DeliveryWire([property: Id(0)] string Gateway, [property: Id(1)] long Before, [property: Id(2)] HistoryWire History);

/// <summary>What a grain knows of one gateway, as it moves.</summary>
[GenerateSerializer, Immutable, Alias("relay.gateway-memory")]
public sealed record GatewayMemoryWire(
    [property: Id(0)] string Gateway,
    [property: Id(1)] long Highest,
    [property: Id(2)] ulong Seen,
    [property: Id(3)] long First,
    [property: Id(4)] bool IsWhole,
    [property: Id(5)] int Active,
    [property: Id(6)] BreakerWire? Breaker);

/// <summary>All that a grain knows, as it moves to another silo.</summary>
[GenerateSerializer, Immutable, Alias("relay.memory")]
public sealed record MemoryWire(
    [property: Id(0)] HistoryWire History,
    [property: Id(1)] GatewayMemoryWire[] Gateways,
    [property: Id(2)] DecisionWire Decision,
    [property: Id(3)] ChangeWire[]? Changes,
    [property: Id(4)] StoryWire[]? Stories)
{
    /// <summary>The key under which it moves.</summary>
    public const string Key = "relay.memory";

    /// <summary>Packs it.</summary>
    public static MemoryWire Of(GrainMemory plain) => new(
        HistoryWire.Of(plain.History),
        [.. plain.Gateways.Select(g => new GatewayMemoryWire(g.Gateway, g.Highest, g.Seen, g.First, g.IsWhole, g.Active, g.Breaker is { } b ? BreakerWire.Of(b) : null))],
        DecisionWire.Of(plain.Decision),
        [.. plain.Changes.Select(ChangeWire.Of)],
        [.. plain.Stories.Select(StoryWire.Of)]);

    /// <summary>It.</summary>
    public GrainMemory ToPlain() => new(
        History.ToPlain(),
        [.. Gateways.Select(g => new GatewayMemory(g.Gateway, g.Highest, g.Seen, g.First, g.IsWhole, g.Active, g.Breaker?.ToPlain()))])
    {
        Decision = Decision.ToPlain(),
        Changes = Changes is null ? [] : [.. Changes.Select(c => c.ToPlain())],
        Stories = Stories is null ? [] : [.. Stories.Select(s => s.ToPlain())],
    };
}
