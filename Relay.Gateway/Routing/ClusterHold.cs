using Relay.Core.Breaker;
using Relay.Silo.Grains;

namespace Relay.Gateway.Routing;

/// <summary>
/// What keeps a target's breaker in step with the cluster's: it opens and closes with it, and no probe goes without the cluster's lease.
/// A view that is older than <see cref="StaleAfter"/> binds nobody: the gateway then decides alone. Needs its owner's lock.
/// </summary>
internal sealed class ClusterHold
{
    /// <summary>How long a view binds: 2 s.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(2);

    private TimeSpan? _heardAt;
    private TimeSpan _leaseUntil;
    private TimeSpan _probeFor;
    private ClusterView _view;
    private long _epoch;
    private long _told;
    private bool _wantsProbe;

    /// <summary>May a request be the probe of a breaker whose open time has passed? Remembers that one wanted to.</summary>
    public bool MayProbe(TimeSpan now, TimeSpan leaseFor)
    {
        if (!Binds(now) || now < _leaseUntil)
        {
            return true;
        }

        _wantsProbe = true;
        _probeFor = leaseFor;
        return false;
    }

    /// <summary>What to say of the breaker with the next delta.</summary>
    public BreakerAsk Ask(in BreakerSnapshot own, TimeSpan now)
    {
        // What an operator holds says nothing about the target.
        var isOpen = own.State == BreakerState.Open && own.Force == BreakerForce.None;
        var ask = new BreakerAsk(
            own.Force == BreakerForce.None ? own.State : BreakerState.Closed, own.Reason == BreakerReason.Cluster, own.Opened, isOpen ? own.OpenUntil - now : TimeSpan.Zero, _wantsProbe, _probeFor);
        _told = own.Opened;
        _wantsProbe = false;
        return ask;
    }

    /// <summary>Takes over a view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="breaker">The breaker that goes with it.</param>
    /// <param name="isAnswer">It came for a delta, so that the lease in it counts.</param>
    /// <param name="now">Monotonic time.</param>
    public void Take(in ClusterView view, CircuitBreaker breaker, bool isAnswer, TimeSpan now)
    {
        if (view.Epoch < _epoch && !isAnswer)
        {
            return;
        }

        var isNews = view.Epoch > _epoch;
        _view = view;
        _epoch = Math.Max(_epoch, view.Epoch);
        _heardAt = now;
        _leaseUntil = isAnswer ? now + view.LeaseFor : _leaseUntil;
        if (view.IsAlone || !isNews)
        {
            return;
        }

        if (view.IsOpen)
        {
            breaker.Follow(now + (view.OpenFor > TimeSpan.Zero ? view.OpenFor : TimeSpan.Zero), now);
        }
        else if (breaker.Opened == _told)
        {
            // An opening that the cluster has not heard of yet is not closed by what it said before.
            breaker.Release(now);
        }
    }

    private bool Binds(TimeSpan now) => _view is { IsOpen: true, IsAlone: false } && now - _heardAt < StaleAfter;
}
