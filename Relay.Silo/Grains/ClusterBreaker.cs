using Relay.Core.Breaker;

namespace Relay.Silo.Grains;

/// <summary>
/// The breaker of a target as all gateways share it. Gateways trip by themselves; this spreads trips, and lets one of them probe.
/// <code>
///            a gateway opened by itself                 open time passed, one that was asked for the target wants to probe
///   closed -----------------------------> open(until) ----------------------------------------------> open, one lease out
///     ^                                     ^                                                             |       |
///     |                                     +---- the probe failed (a new opening), or the lease ran out -+       |
///     +------------------------------- the holder closed, or nobody is open any more ----------------------------+
/// </code>
/// </summary>
/// <remarks>Not thread-safe: the grain locks. What is slow is not spread: each gateway measures that itself.</remarks>
internal sealed class ClusterBreaker
{
    /// <summary>How long a gateway has to send its probe before another may: 2 s.</summary>
    public static readonly TimeSpan LeaseFor = TimeSpan.FromSeconds(2);

    private bool _isOpen;
    private TimeSpan _openUntil;
    private string? _prober;
    private TimeSpan _leaseUntil;

    /// <summary>Counts each opening and closing.</summary>
    public long Epoch { get; private set; }

    /// <summary>Hears what a gateway says.</summary>
    /// <param name="report">The gateway.</param>
    /// <param name="all">All gateways, this one among them.</param>
    /// <param name="now">Monotonic time.</param>
    public void Hear(GatewayReport report, GatewayReports all, TimeSpan now)
    {
        var ask = report.Ask;
        var isNew = ask.Opened > (report.OpeningsTold ?? (ask.State == BreakerState.Closed ? ask.Opened : -1));
        report.OpeningsTold = ask.Opened;
        if (isNew && ask is { State: BreakerState.Open, Follows: false })
        {
            Open(report.Gateway, ask.OpenFor, now);
        }
        else if (_isOpen && ask.State is BreakerState.Closed or BreakerState.Ramping && (_prober == report.Gateway || NobodyIsOpen(all, now)))
        {
            Close(now);
        }
        else if (_isOpen && _prober == report.Gateway && ask.State == BreakerState.HalfOpen)
        {
            _leaseUntil = now + Max(ask.ProbeFor, LeaseFor);
        }

        if (_isOpen && ask.WantsProbe && now >= _openUntil && (_prober is null || _prober == report.Gateway || now >= _leaseUntil))
        {
            _prober = report.Gateway;
            _leaseUntil = Max(_leaseUntil, now + LeaseFor);
        }
    }

    /// <summary>How a gateway must see it.</summary>
    /// <param name="gateway">The gateway's id; null: any that holds no lease.</param>
    /// <param name="all">All gateways.</param>
    /// <param name="now">Monotonic time.</param>
    public ClusterView View(string? gateway, GatewayReports all, TimeSpan now)
    {
        var lease = _isOpen && gateway is not null && gateway == _prober ? Max(_leaseUntil - now, TimeSpan.Zero) : TimeSpan.Zero;
        return new(Epoch, _isOpen, _isOpen ? _openUntil - now : TimeSpan.Zero, lease, all.Live(now) <= 1);
    }

    private static bool NobodyIsOpen(GatewayReports all, TimeSpan now) => !all.Any(now, static report => report.Ask.State is BreakerState.Open or BreakerState.HalfOpen);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>Grows also across a grain that is lost and starts anew.</summary>
    private long Next(TimeSpan now) => Math.Max(Epoch + 1, (long)now.TotalMilliseconds);

    private void Open(string gateway, TimeSpan openFor, TimeSpan now)
    {
        _openUntil = _isOpen ? Max(_openUntil, now + openFor) : now + openFor;
        _isOpen = true;
        _prober = _prober == gateway ? null : _prober;
        _leaseUntil = _prober is null ? now : _leaseUntil;
        Epoch = Next(now);
    }

    private void Close(TimeSpan now)
    {
        _isOpen = false;
        _prober = null;
        Epoch = Next(now);
    }
}
