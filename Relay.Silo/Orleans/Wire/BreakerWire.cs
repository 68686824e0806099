using Relay.Core.Breaker;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>A breaker's report as it travels. A state or reason that this version does not know counts as closed, for no reason.</summary>
[GenerateSerializer, Immutable, Alias("relay.breaker")]
public readonly record struct BreakerWire(
    [property: Id(0)] int State, [property: Id(1)] int Reason, [property: Id(2)] DateTimeOffset Since, [property: Id(3)] DateTimeOffset? OpenUntil, [property: Id(4)] long Opened, [property: Id(5)] DecisionWire Decision)
{
    /// <summary>Packs a report.</summary>
    public static BreakerWire Of(in BreakerReport plain) => new((int)plain.State, (int)plain.Reason, plain.Since, plain.OpenUntil, plain.Opened, DecisionWire.Of(plain.Decision));

    /// <summary>The report.</summary>
    public BreakerReport ToPlain() => new(Known((BreakerState)State), Known((BreakerReason)Reason), Since, OpenUntil, Opened) { Decision = Decision.ToPlain() };

    /// <summary>The value, or the first of its kind.</summary>
    internal static T Known<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? value : default;
}

/// <summary>What an operator decided, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.decision")]
public readonly record struct DecisionWire([property: Id(0)] int Force, [property: Id(1)] long Version)
{
    /// <summary>Packs it.</summary>
    public static DecisionWire Of(in BreakerDecision plain) => new((int)plain.Force, plain.Version);

    /// <summary>It.</summary>
    public BreakerDecision ToPlain() => new(BreakerWire.Known((BreakerForce)Force), Version);
}

/// <summary>A change of a breaker, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.change")]
public readonly record struct ChangeWire([property: Id(0)] DateTimeOffset At, [property: Id(1)] int From, [property: Id(2)] int To, [property: Id(3)] int Reason)
{
    /// <summary>Packs it.</summary>
    public static ChangeWire Of(BreakerChange plain) => new(plain.At, (int)plain.From, (int)plain.To, (int)plain.Reason);

    /// <summary>It.</summary>
    public BreakerChange ToPlain() => new(At, BreakerWire.Known((BreakerState)From), BreakerWire.Known((BreakerState)To), BreakerWire.Known((BreakerReason)Reason));
}

/// <summary>A target's breaker and its past, as they travel.</summary>
[GenerateSerializer, Immutable, Alias("relay.breaker-state")]
public sealed record BreakerStateWire([property: Id(0)] BreakerWire? Breaker, [property: Id(1)] DecisionWire Decision, [property: Id(2)] ChangeWire[] Changes)
{
    /// <summary>Packs it.</summary>
    public static BreakerStateWire Of(TargetBreakerState plain) =>
        new(plain.Breaker is { } breaker ? BreakerWire.Of(breaker) : null, DecisionWire.Of(plain.Decision), [.. plain.Changes.Select(ChangeWire.Of)]);

    /// <summary>It.</summary>
    public TargetBreakerState ToPlain(string target) => new(target, Breaker?.ToPlain(), Decision.ToPlain(), [.. Changes.Select(c => c.ToPlain())]);
}

/// <summary>What a gateway says for the cluster's breaker, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.ask")]
public readonly record struct AskWire(
    [property: Id(0)] int State, [property: Id(1)] bool Follows, [property: Id(2)] long Opened, [property: Id(3)] TimeSpan OpenFor, [property: Id(4)] bool WantsProbe, [property: Id(5)] TimeSpan ProbeFor)
{
    /// <summary>Packs it.</summary>
    public static AskWire Of(in BreakerAsk plain) => new((int)plain.State, plain.Follows, plain.Opened, plain.OpenFor, plain.WantsProbe, plain.ProbeFor);

    /// <summary>It.</summary>
    public BreakerAsk ToPlain() => new(BreakerWire.Known((BreakerState)State), Follows, Opened, OpenFor, WantsProbe, ProbeFor);
}

/// <summary>What a gateway gets back, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.view")]
public readonly record struct ViewWire(
    [property: Id(0)] int Worst,
    [property: Id(1)] long Epoch,
    [property: Id(2)] bool IsOpen,
    [property: Id(3)] TimeSpan OpenFor,
    [property: Id(4)] TimeSpan LeaseFor,
    [property: Id(5)] bool IsAlone,
    [property: Id(6)] long KnownSince,
    [property: Id(7)] bool WantsHistory,
    [property: Id(8)] DecisionWire Decision)
{
    /// <summary>Packs a view.</summary>
    public static ViewWire Of(in TargetView plain)
    {
        var (cluster, receipt) = (plain.Cluster, plain.Receipt);
        return new((int)plain.Worst, cluster.Epoch, cluster.IsOpen, cluster.OpenFor, cluster.LeaseFor, cluster.IsAlone, receipt.KnownSince, receipt.WantsHistory, DecisionWire.Of(plain.Decision));
    }

    /// <summary>Packs a receipt alone.</summary>
    public static ViewWire Of(in Receipt plain) => new() { KnownSince = plain.KnownSince, WantsHistory = plain.WantsHistory };

    /// <summary>The view.</summary>
    public TargetView ToPlain() => new(BreakerWire.Known((BreakerState)Worst), Decision.ToPlain()) { Cluster = new(Epoch, IsOpen, OpenFor, LeaseFor, IsAlone), Receipt = ToReceipt() };

    /// <summary>The receipt.</summary>
    public Receipt ToReceipt() => new(KnownSince, WantsHistory);
}
