using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

/// <summary>
/// What a breaker must do, said with full lists instead of counters: every request that was let in, every outcome and every ask is kept,
/// and each answer is worked out from them anew. Slow and plain on purpose.
/// </summary>
internal sealed class BreakerOracle(BreakerOptions options)
{
    private readonly List<(long Slice, bool Bad)> _outcomes = [];
    private readonly List<long> _asks = [];
    private TimeSpan _latestAsk;
    private TimeSpan _latestOutcome;
    private bool _onProbation;
    private int _openingsSinceRamp;

    public BreakerState State { get; private set; }

    public BreakerReason Reason { get; private set; }

    public TimeSpan Since { get; private set; }

    /// <summary>The open time before jitter, and the jitter's sample: set by each opening.</summary>
    public (TimeSpan For, double Sample) OpenTime { get; private set; }

    /// <summary>Taken over from the breaker once it was checked against <see cref="OpenTime"/>, since rounding is its own affair.</summary>
    public TimeSpan OpenUntil { get; set; }

    public long Opened { get; private set; }

    /// <summary>The ticket of the probe that is out, or null.</summary>
    public Ticket? Probe { get; private set; }

    public Ticket? Enter(TimeSpan now, TimeSpan leaseFor, double sample)
    {
        _latestAsk = now > _latestAsk ? now : _latestAsk;
        _asks.Add(Slice(_latestAsk, TimeSpan.FromSeconds(2)));
        Look(now);
        return State switch
        {
            BreakerState.Closed => Admit(now, null),
            BreakerState.Ramping => sample < Share(now) ? Admit(now, null) : null,
            BreakerState.Open when now < OpenUntil => null,
            BreakerState.HalfOpen when Probe is { } probe && now < probe.ExpiresAt => null,
            _ => Admit(now, now + leaseFor),
        };
    }

    /// <summary>Until when nobody may enter, or null.</summary>
    public TimeSpan? RefusedUntil(TimeSpan now) => State switch
    {
        BreakerState.Open when now < OpenUntil => OpenUntil,
        BreakerState.HalfOpen when Probe is { } probe && now < probe.ExpiresAt => probe.ExpiresAt,
        _ => null,
    };

    public void Answered(Ticket ticket, TimeSpan now)
    {
        if (ticket == Probe)
        {
            ticket.ClosedIt = true;
            StartRamp(now, onProbation: true);
        }
    }

    public void Record(Ticket ticket, Verdict verdict, TimeSpan now, double sample)
    {
        Look(now);
        var firstTime = !ticket.Settled;
        ticket.Settled = true;
        if (ticket == Probe)
        {
            Probe = null;
            if (verdict == Verdict.Failure)
            {
                Open(BreakerReason.ProbeFailed, now, sample);
            }
            else if (verdict == Verdict.Success)
            {
                StartRamp(now, onProbation: false);
            }

            return;
        }

        var heard = ticket.OpenedBefore == Opened && (!ticket.IsProbe || (ticket.ClosedIt && firstTime));
        if (!heard || verdict == Verdict.Neutral || State is BreakerState.Open or BreakerState.HalfOpen)
        {
            return;
        }

        _latestOutcome = now > _latestOutcome ? now : _latestOutcome;
        _outcomes.Add((Slice(_latestOutcome, options.Window), verdict == Verdict.Failure));
        if (verdict == Verdict.Failure && options.Enabled && TripReason() is { } reason)
        {
            Open(reason, now, sample);
        }
    }

    /// <summary>A ramp that is over is over, whoever looks.</summary>
    public void Look(TimeSpan now)
    {
        if (State == BreakerState.Ramping && now >= Since + options.RampFor)
        {
            _openingsSinceRamp = 0;
            Become(BreakerState.Closed, BreakerReason.RampFinished, Since + options.RampFor);
        }
    }

    private BreakerReason? TripReason()
    {
        var row = _outcomes.AsEnumerable().Reverse().TakeWhile(one => one.Bad).Count();
        var sinceClosed = row == _outcomes.Count && _onProbation ? options.ConsecutiveFailures - 1 : 0;
        if (row + sinceClosed >= options.ConsecutiveFailures)
        {
            return BreakerReason.ConsecutiveFailures;
        }

        var window = _outcomes.Where(one => one.Slice > Slice(_latestOutcome, options.Window) - 10).ToList();
        var share = (decimal)window.Count(one => one.Bad) / window.Count;
        return window.Count >= options.MinimumRequests && share >= (decimal)options.FailureRatio ? BreakerReason.FailureRatio : null;
    }

    private double Share(TimeSpan now)
    {
        var asked = _asks.Count(slice => slice > Slice(_latestAsk, TimeSpan.FromSeconds(2)) - 10);
        return asked <= 2 * options.RampAboveRequestsPerSecond ? 1 : Math.Max(0.1, (now - Since) / options.RampFor);
    }

    private Ticket Admit(TimeSpan now, TimeSpan? probeUntil)
    {
        var ticket = new Ticket(Opened, probeUntil is not null, probeUntil ?? TimeSpan.MaxValue);
        if (probeUntil is not null)
        {
            if (State == BreakerState.Open)
            {
                Become(BreakerState.HalfOpen, BreakerReason.ProbeGranted, now);
            }

            Probe = ticket;
        }

        return ticket;
    }

    private void StartRamp(TimeSpan now, bool onProbation)
    {
        Probe = null;
        _onProbation = onProbation;
        _outcomes.Clear();
        Become(BreakerState.Ramping, BreakerReason.ProbeSucceeded, now);
    }

    private void Open(BreakerReason reason, TimeSpan now, double sample)
    {
        Probe = null;
        Opened++;
        var open = options.OpenFor;
        for (var i = 0; i < _openingsSinceRamp && open < options.OpenForMax; i++)
        {
            open += open;
        }

        _openingsSinceRamp++;
        OpenTime = (open < options.OpenForMax ? open : options.OpenForMax, sample);
        Become(BreakerState.Open, reason, now);
    }

    private void Become(BreakerState state, BreakerReason reason, TimeSpan now) => (State, Reason, Since) = (state, reason, now);

    private static long Slice(TimeSpan at, TimeSpan window) => (long)Math.Floor(at / (window / 10));

    /// <summary>A request that was let in.</summary>
    internal sealed class Ticket(long openedBefore, bool isProbe, TimeSpan expiresAt)
    {
        public long OpenedBefore => openedBefore;

        public bool IsProbe => isProbe;

        public TimeSpan ExpiresAt => expiresAt;

        public bool ClosedIt { get; set; }

        public bool Settled { get; set; }
    }
}
