using Relay.Core.Breaker;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>A breaker's report as it travels. A state or reason that this version does not know counts as closed, for no reason.</summary>
[GenerateSerializer, Immutable, Alias("relay.breaker")]
public readonly record struct BreakerWire(
    [property: Id(0)] int State, [property: Id(1)] int Reason, [property: Id(2)] DateTimeOffset Since, [property: Id(3)] DateTimeOffset? OpenUntil, [property: Id(4)] long Opened)
{
    /// <summary>Packs a report.</summary>
    public static BreakerWire Of(in BreakerReport plain) => new((int)plain.State, (int)plain.Reason, plain.Since, plain.OpenUntil, plain.Opened);

    /// <summary>The report.</summary>
    public BreakerReport ToPlain() => new(Known((BreakerState)State), Known((BreakerReason)Reason), Since, OpenUntil, Opened);

    /// <summary>The value, or the first of its kind.</summary>
    internal static T Known<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? value : default;
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
    [property: Id(7)] bool WantsHistory)
{
    /// <summary>Packs a view.</summary>
    public static ViewWire Of(in TargetView plain)
    {
        var (cluster, receipt) = (plain.Cluster, plain.Receipt);
        return new((int)plain.Worst, cluster.Epoch, cluster.IsOpen, cluster.OpenFor, cluster.LeaseFor, cluster.IsAlone, receipt.KnownSince, receipt.WantsHistory);
    }

    /// <summary>Packs a receipt alone.</summary>
    public static ViewWire Of(in Receipt plain) => new() { KnownSince = plain.KnownSince, WantsHistory = plain.WantsHistory };

    /// <summary>The view.</summary>
    public TargetView ToPlain() => new(BreakerWire.Known((BreakerState)Worst)) { Cluster = new(Epoch, IsOpen, OpenFor, LeaseFor, IsAlone), Receipt = ToReceipt() };

    /// <summary>The receipt.</summary>
    public Receipt ToReceipt() => new(KnownSince, WantsHistory);
}
