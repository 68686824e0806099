using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

/// <summary>What the model-based tests drive: the real breaker, or one with a planted bug.</summary>
internal interface IBreaker
{
    BreakerSnapshot Snapshot(TimeSpan now);

    BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor, double sample);

    TimeSpan? RefusedUntil(TimeSpan now);

    void ProbeAnswered(ProbeLease lease, TimeSpan now);

    void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample);
}

/// <summary>The real breaker; a planted bug overrides one method.</summary>
internal class RealBreaker(BreakerOptions options) : IBreaker
{
    private readonly CircuitBreaker _breaker = new(options);

    public virtual BreakerSnapshot Snapshot(TimeSpan now) => _breaker.Snapshot(now);

    public virtual BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor, double sample) => _breaker.TryEnter(now, leaseFor, sample);

    public TimeSpan? RefusedUntil(TimeSpan now) => _breaker.CanEnter(now, out var retryAt) ? null : retryAt;

    public virtual void ProbeAnswered(ProbeLease lease, TimeSpan now) => _breaker.ProbeAnswered(lease, now);

    public virtual void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample) => _breaker.Record(verdict, lease, now, sample);
}

/// <summary>Breakers as one might wrongly write them. The model-based property must fail on each.</summary>
internal static class PlantedBreakers
{
    public static readonly IReadOnlyDictionary<string, Func<BreakerOptions, IBreaker>> All = new Dictionary<string, Func<BreakerOptions, IBreaker>>
    {
        ["a cancelled probe closes it"] = options => new NeutralIsSuccess(options),
        ["a cancelled request counts as failed"] = options => new NeutralIsFailure(options),
        ["a cancelled probe keeps its lease"] = options => new NeutralKeepsLease(options),
        ["a late verdict counts as one of now"] = options => new ForgetsLease(options),
        ["a replaced probe counts as a request of now"] = options => new ForgetsReplacedProbe(options),
        ["it opens one failure late"] = options => new RealBreaker(options with { ConsecutiveFailures = options.ConsecutiveFailures + 1 }),
        ["it looks at the share one request early"] = options => new RealBreaker(options with { MinimumRequests = options.MinimumRequests - 1 }),
        ["the open time never doubles"] = options => new RealBreaker(options with { OpenForMax = options.OpenFor }),
        ["the ramp lets everything in"] = options => new AlwaysSampleZero(options),
        ["a probe lease never expires"] = options => new EndlessLease(options),
        ["a probe's answer is not heard"] = options => new DeafToAnswers(options),
        ["success does not reset the row"] = options => new SuccessIsNothing(options),
        ["switched off, it opens all the same"] = options => new RealBreaker(options with { Enabled = true }),
    };

    private sealed class NeutralIsSuccess(BreakerOptions options) : RealBreaker(options)
    {
        public override void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample) =>
            base.Record(verdict == Verdict.Neutral ? Verdict.Success : verdict, lease, now, sample);
    }

    private sealed class NeutralIsFailure(BreakerOptions options) : RealBreaker(options)
    {
        public override void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample) =>
            base.Record(verdict == Verdict.Neutral && !lease.IsHeld ? Verdict.Failure : verdict, lease, now, sample);
    }

    private sealed class NeutralKeepsLease(BreakerOptions options) : RealBreaker(options)
    {
        public override void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample)
        {
            if (verdict != Verdict.Neutral)
            {
                base.Record(verdict, lease, now, sample);
            }
        }
    }

    private sealed class ForgetsLease(BreakerOptions options) : RealBreaker(options)
    {
        public override void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample) =>
            base.Record(verdict, lease.IsHeld ? lease : default, now, sample);
    }

    private sealed class ForgetsReplacedProbe(BreakerOptions options) : RealBreaker(options)
    {
        private long _newest;

        public override BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor, double sample)
        {
            var admission = base.TryEnter(now, leaseFor, sample);
            _newest = Math.Max(_newest, admission.Lease.Id);
            return admission;
        }

        public override void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample) =>
            base.Record(verdict, lease.IsHeld && lease.Id < _newest ? default : lease, now, sample);
    }

    private sealed class AlwaysSampleZero(BreakerOptions options) : RealBreaker(options)
    {
        public override BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor, double sample) => base.TryEnter(now, leaseFor, 0);
    }

    private sealed class EndlessLease(BreakerOptions options) : RealBreaker(options)
    {
        public override BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor, double sample) =>
            base.TryEnter(now, TimeSpan.FromDays(1000), sample);
    }

    private sealed class DeafToAnswers(BreakerOptions options) : RealBreaker(options)
    {
        public override void ProbeAnswered(ProbeLease lease, TimeSpan now)
        {
            // The bug: nothing happens.
        }
    }

    private sealed class SuccessIsNothing(BreakerOptions options) : RealBreaker(options)
    {
        public override void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample)
        {
            if (verdict != Verdict.Success || lease.IsHeld)
            {
                base.Record(verdict, lease, now, sample);
            }
        }
    }
}
