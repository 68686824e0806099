using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>
/// What happened at one target or model since the last flush, counted in a few stripes so that threads rarely meet. Memory is fixed:
/// a flush that does not come makes nothing grow.
/// </summary>
internal sealed class MeterShards
{
    private static readonly int StripeCount = Math.Clamp(Environment.ProcessorCount, 1, 4);

    private readonly Stripe?[] _stripes = new Stripe?[StripeCount];
    private int _active;

    /// <summary>Requests or attempts under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Of a model: how its requests went from one target to another.</summary>
    public StoryBox Stories { get; } = new();

    /// <summary>One more is under way.</summary>
    public void Enter() => Interlocked.Increment(ref _active);

    /// <summary>One less is under way.</summary>
    public void Leave() => Interlocked.Decrement(ref _active);

    /// <summary>Counts an attempt of a request to an endpoint.</summary>
    public void Count(in AttemptRecord attempt, MeteredEndpoint endpoint, bool leftForAnother)
    {
        var stripe = Own();
        lock (stripe.Gate)
        {
            stripe.CountOutcome(endpoint, attempt.Error, attempt.Streamed, attempt.Latency, attempt.FirstToken);
            stripe.CountUsage(attempt.Usage, attempt.Cost, attempt.Latency, attempt.FirstToken);
            stripe.CountWaste(attempt);
            stripe.Counts[Counters.Rescues] += attempt.IsRescue ? 1 : 0;
            stripe.Counts[Counters.Attempts]++;
            stripe.Counts[Counters.Retries] += attempt.IsRetry ? 1 : 0;
            stripe.Counts[Counters.Failovers] += leftForAnother ? 1 : 0;
            stripe.Counts[Counters.MalformedEvents] += attempt.MalformedEvents;
            stripe.Counts[Counters.Slow] += attempt.IsSlow ? 1 : 0;
        }
    }

    /// <summary>Counts a standby probe, which is no attempt.</summary>
    public void CountStandby(bool failed)
    {
        var stripe = Own();
        lock (stripe.Gate)
        {
            stripe.Touched = true;
            stripe.Counts[Counters.StandbyProbes]++;
            stripe.Counts[Counters.StandbyFailures] += failed ? 1 : 0;
        }
    }

    /// <summary>Counts a request.</summary>
    public void Count(RequestRecord request)
    {
        var endpoint = MeteredEndpoints.Of(request.Endpoint);
        var stripe = Own();
        lock (stripe.Gate)
        {
            stripe.CountOutcome(endpoint, request.Error, request.Streamed, request.Latency, request.FirstToken);
            stripe.CountUsage(request.Usage, request.Cost, request.Latency, request.FirstToken);
            stripe.Counts[Counters.Attempts] += request.Attempts.Count;
            var failedOver = false;
            for (var i = 0; i < request.Attempts.Count; i++)
            {
                var attempt = request.Attempts[i];
                stripe.CountWaste(attempt);
                stripe.Counts[Counters.Retries] += attempt.IsRetry ? 1 : 0;
                stripe.Counts[Counters.MalformedEvents] += attempt.MalformedEvents;
                stripe.Counts[Counters.Slow] += attempt.IsSlow ? 1 : 0;
                failedOver |= attempt.Target != request.Attempts[0].Target;
            }

            stripe.Counts[Counters.Failovers] += failedOver ? 1 : 0;
            stripe.Counts[Counters.Rescues] += request.Rescued ? 1 : 0;
        }
    }

    /// <summary>Records times between tokens, in microseconds.</summary>
    public void RecordGaps(ReadOnlySpan<int> micros)
    {
        var stripe = Own();
        lock (stripe.Gate)
        {
            stripe.Touched = true;
            foreach (var gap in micros)
            {
                stripe.InterToken.Record(gap);
            }
        }
    }

    /// <summary>Takes all that was counted; null when nothing was.</summary>
    public MeterDelta? Drain()
    {
        MeterDelta? all = null;
        foreach (var stripe in _stripes)
        {
            if (stripe is null)
            {
                continue;
            }

            lock (stripe.Gate)
            {
                if (stripe.Touched)
                {
                    all = Add(all, stripe.Drain());
                }
            }
        }

        return all;
    }

    private static MeterDelta Add(MeterDelta? all, MeterDelta more)
    {
        if (all is null)
        {
            return more;
        }

        for (var i = 0; i < more.Counts.Length; i++)
        {
            all.Counts[i] += more.Counts[i];
        }

        return new(
            all.Counts,
            HistogramSnapshot.Merge(all.Latency, more.Latency),
            HistogramSnapshot.Merge(all.FirstToken, more.FirstToken),
            HistogramSnapshot.Merge(all.InterToken, more.InterToken),
            HistogramSnapshot.Merge(all.TokensPerSecond, more.TokensPerSecond));
    }

    private Stripe Own()
    {
        ref var slot = ref _stripes[(uint)Thread.GetCurrentProcessorId() % (uint)StripeCount];
        return Volatile.Read(ref slot) ?? Interlocked.CompareExchange(ref slot, new Stripe(), null) ?? slot;
    }
}
