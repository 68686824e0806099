using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>A gateway's flush for one target or model, as it travels; the grain's key is the name.</summary>
/// <remarks>
/// All types here are tolerant: a member is found by its number, one that is missing has its default, one that is unknown is skipped.
/// A number is never used again for anything else; tests hold the numbers.
/// </remarks>
[GenerateSerializer, Immutable, Alias("relay.delta")]
public sealed record DeltaWire(
    [property: Id(0)] string Gateway,
    [property: Id(1)] long Sequence,
    [property: Id(2)] MeterWire? Meter,
    [property: Id(3)] int Active,
    [property: Id(4)] BreakerWire? Breaker,
    [property: Id(5)] AskWire? Ask,
    [property: Id(6)] IViewObserver? Observer,
    [property: Id(7)] ChangeWire[]? Changes,
    [property: Id(8)] StoryWire[]? Stories)
{
    /// <summary>Packs a target's.</summary>
    public static DeltaWire Of(TargetDelta plain, IViewObserver? observer) =>
        new(
            plain.Gateway,
            plain.Sequence,
            MeterWire.Of(plain.Meter),
            plain.Active,
            BreakerWire.Of(plain.Breaker),
            AskWire.Of(plain.Ask),
            observer,
            plain.Changes.Count == 0 ? null : [.. plain.Changes.Select(ChangeWire.Of)],
            null);

    /// <summary>Packs a model's.</summary>
    public static DeltaWire Of(ModelDelta plain) => new(plain.Gateway, plain.Sequence, MeterWire.Of(plain.Meter), plain.Active, null, null, null, null, plain.Stories.Count == 0 ? null : [.. plain.Stories.Select(StoryWire.Of)]);

    /// <summary>A target's.</summary>
    public TargetDelta ToTarget(string target) =>
        new(Gateway, Sequence, target, Meter?.ToDelta(), Breaker?.ToPlain() ?? default, Active)
        {
            Ask = Ask?.ToPlain() ?? default,
            Changes = Changes is null ? [] : [.. Changes.Select(c => c.ToPlain())],
        };

    /// <summary>A model's.</summary>
    public ModelDelta ToModel(string model) => new(Gateway, Sequence, model, Meter?.ToDelta(), Active) { Stories = Stories is null ? [] : [.. Stories.Select(s => s.ToPlain())] };
}

/// <summary>A target's or model's figures over a window, as they travel.</summary>
[GenerateSerializer, Immutable, Alias("relay.stats")]
public sealed record StatsWire([property: Id(0)] MeterWire Meter, [property: Id(1)] int Active, [property: Id(2)] BreakerWire? Breaker)
{
    /// <summary>Packs a target's.</summary>
    public static StatsWire Of(TargetStats plain) => new(MeterWire.Of(plain.Meter), plain.Meter.Active, plain.Breaker is { } breaker ? BreakerWire.Of(breaker) : null);

    /// <summary>Packs a model's.</summary>
    public static StatsWire Of(ModelStats plain) => new(MeterWire.Of(plain.Meter), plain.Meter.Active, null);

    /// <summary>A target's.</summary>
    public TargetStats ToTarget(string target) => new(target, Meter.ToStats(Active), Breaker?.ToPlain());

    /// <summary>A model's.</summary>
    public ModelStats ToModel(string model) => new(model, Meter.ToStats(Active));
}
