using Relay.Core.Breaker;

namespace Relay.Silo.Grains;

/// <summary>What a gateway says of its own breaker, so that all gateways can agree. Durations, because clocks of machines differ.</summary>
/// <param name="State">Its state; what is merely slow does not count.</param>
/// <param name="Follows">It is open because the cluster is, not by attempts of its own.</param>
/// <param name="Opened">How often it opened since the gateway started.</param>
/// <param name="OpenFor">While open: how long still.</param>
/// <param name="WantsProbe">A request was turned away since the last flush for want of a probe lease.</param>
/// <param name="ProbeFor">How long a probe may take.</param>
public readonly record struct BreakerAsk(BreakerState State, bool Follows, long Opened, TimeSpan OpenFor, bool WantsProbe, TimeSpan ProbeFor);

/// <summary>How the cluster stands with a target, as one gateway must know it.</summary>
/// <param name="Epoch">Counts each opening and closing; 0 for never.</param>
/// <param name="IsOpen">Requests stay away, but for one probe.</param>
/// <param name="OpenFor">While open: how long until a probe may go; zero or less when one may.</param>
/// <param name="LeaseFor">How long this gateway may still send the probe; zero when it may not.</param>
/// <param name="IsAlone">No other gateway reports: this one decides by itself.</param>
public readonly record struct ClusterView(long Epoch, bool IsOpen, TimeSpan OpenFor, TimeSpan LeaseFor, bool IsAlone);
