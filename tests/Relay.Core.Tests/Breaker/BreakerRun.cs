using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

/// <summary>Takes a breaker and the oracle through the same steps and compares all that can be seen after each.</summary>
internal sealed class BreakerRun(BreakerOptions options, IBreaker breaker)
{
    private readonly BreakerOracle _oracle = new(options);
    private readonly List<Request> _requests = [];
    private TimeSpan _now = TimeSpan.FromHours(1);

    /// <summary>The rare things that happened.</summary>
    public HashSet<string> Seen { get; } = [];

    public static BreakerRun Compare(BreakerOptions options, IBreaker breaker, IEnumerable<BreakerStep> steps)
    {
        var run = new BreakerRun(options, breaker);
        foreach (var step in steps)
        {
            run.Do(step);
            run.CompareState();
        }

        return run;
    }

    private void Do(BreakerStep step)
    {
        switch (step)
        {
            case BreakerStep.Enter(var leaseMs, var sample):
                Enter(TimeSpan.FromMilliseconds(leaseMs), sample);
                break;
            case BreakerStep.Serve(var verdict, var sample):
                if (Enter(TimeSpan.FromMinutes(1), sample) is { } request)
                {
                    Record(request, verdict, sample);
                }

                break;
            case BreakerStep.Settle(var pick, var verdict, var sample):
                Pick(pick, one => !one.Ticket.Settled, one => Record(one, verdict, sample));
                break;
            case BreakerStep.SettleAgain(var pick, var verdict, var sample):
                Pick(pick, one => one.Ticket is { Settled: true, IsProbe: true }, one => Record(one, verdict, sample));
                break;
            case BreakerStep.Answer(var pick):
                Pick(pick, one => one.Ticket.IsProbe, Answer);
                break;
            case BreakerStep.Wait(var ms):
                _now += TimeSpan.FromMilliseconds(ms);
                break;
            case BreakerStep.ToEdge(var off):
                _now = NextEdge() + TimeSpan.FromTicks(off);
                break;
        }
    }

    private void Pick(int pick, Func<Request, bool> which, Action<Request> then)
    {
        var candidates = _requests.Where(which).ToList();
        if (candidates.Count > 0)
        {
            then(candidates[pick % candidates.Count]);
        }
    }

    private Request? Enter(TimeSpan leaseFor, double sample)
    {
        var admission = breaker.TryEnter(_now, leaseFor, sample);
        var before = _oracle.Probe;
        var ticket = _oracle.Enter(_now, leaseFor, sample);
        Assert.Equal(ticket is not null, admission.Allowed);
        Assert.Equal(ticket?.IsProbe ?? false, admission.Lease.IsHeld);
        if (ticket is null)
        {
            Seen.Add($"refused while {_oracle.State}");
            Assert.Equal(_oracle.RefusedUntil(_now) ?? _now, admission.RetryAt);
            return null;
        }

        if (ticket.IsProbe)
        {
            Assert.Equal(ticket.ExpiresAt, admission.Lease.ExpiresAt);
            Assert.True(before is null || before.ExpiresAt <= _now, "two probe leases are live at once");
            Seen.Add(before is null ? "probe" : "probe after an expired one");
            Assert.DoesNotContain(_requests, one => one.Lease.Id == admission.Lease.Id);
        }

        var request = new Request(admission.Lease, ticket);
        _requests.Add(request);
        return request;
    }

    private void Answer(Request request)
    {
        breaker.ProbeAnswered(request.Lease, _now);
        _oracle.Answered(request.Ticket, _now);
    }

    private void Record(Request request, Verdict verdict, double sample)
    {
        var opened = _oracle.Opened;
        Seen.Add($"{(request.Ticket == _oracle.Probe ? "live probe" : request.Ticket.IsProbe ? "other probe" : "request")} {verdict} while {_oracle.State}");
        if (request.Ticket.OpenedBefore < opened)
        {
            Seen.Add($"sent before a trip, {verdict} while {_oracle.State}");
        }

        var before = breaker.Snapshot(_now);
        breaker.Record(verdict, request.Lease, _now, sample);
        _oracle.Record(request.Ticket, verdict, _now, sample);
        if (verdict == Verdict.Neutral)
        {
            Assert.Equal(before, breaker.Snapshot(_now));
        }

        if (_oracle.Opened > opened)
        {
            CheckOpenTime(breaker.Snapshot(_now).OpenUntil - _now);
            _oracle.OpenUntil = breaker.Snapshot(_now).OpenUntil;
        }
    }

    private void CheckOpenTime(TimeSpan actual)
    {
        var (length, sample) = _oracle.OpenTime;
        var expected = length * (1 + (options.Jitter * ((2 * sample) - 1)));
        Assert.InRange(actual.Ticks, expected.Ticks - 2, expected.Ticks + 2);
        Assert.InRange(actual, length * (1 - options.Jitter) - TimeSpan.FromTicks(1), length * (1 + options.Jitter));
    }

    private void CompareState()
    {
        _oracle.Look(_now);
        var expected = new BreakerSnapshot(
            _oracle.State, _oracle.Reason, _oracle.Since, _oracle.State == BreakerState.Open ? _oracle.OpenUntil : _oracle.Since, _oracle.Opened);
        Seen.Add($"{_oracle.State} for {_oracle.Reason}");
        Assert.Equal(expected, breaker.Snapshot(_now));
        Assert.Equal(_oracle.RefusedUntil(_now), breaker.RefusedUntil(_now));
    }

    private TimeSpan NextEdge() => _oracle.State switch
    {
        BreakerState.Open => _oracle.OpenUntil,
        BreakerState.HalfOpen when _oracle.Probe is { } probe => probe.ExpiresAt,
        BreakerState.Ramping => _oracle.Since + options.RampFor,
        _ => _now,
    };

    private sealed record Request(ProbeLease Lease, BreakerOracle.Ticket Ticket);
}
