using FsCheck.Fluent;
using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

public class CircuitBreakerModelTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    public static TheoryData<string> Bugs => [.. PlantedBreakers.All.Keys];

    [Fact]
    public void Random_sequences_show_what_the_oracle_says() =>
        Always.Holds(BreakerGen.Scripts, run => BreakerRun.Compare(run.Options, new RealBreaker(run.Options), run.Steps), runs: 2_000);

    [Fact]
    public void Random_sequences_reach_every_corner()
    {
        var seen = new HashSet<string>();
        Always.Holds(BreakerGen.Scripts, run => seen.UnionWith(BreakerRun.Compare(run.Options, new RealBreaker(run.Options), run.Steps).Seen), runs: 2_000);
        string[] states = ["Closed", "Ramping", "HalfOpen", "Open"];
        string[] verdicts = ["Success", "Failure", "Neutral"];
        string[] corners =
        [
            "Closed for None", "Closed for RampFinished", "Ramping for ProbeSucceeded", "HalfOpen for ProbeGranted",
            "Open for ProbeFailed", "Open for ConsecutiveFailures", "Open for FailureRatio",
            "refused while Open", "refused while HalfOpen", "refused while Ramping", "probe", "probe after an expired one",
            .. verdicts.Select(verdict => $"live probe {verdict} while HalfOpen"),
            .. from verdict in verdicts from state in states select $"other probe {verdict} while {state}",
            .. from verdict in verdicts from state in states select $"request {verdict} while {state}",
            .. from verdict in verdicts from state in states select $"sent before a trip, {verdict} while {state}",
        ];
        Assert.Empty(corners.Except(seen));
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Planted_bug_is_caught(string bug)
    {
        var failure = Record.Exception(() => Always.Holds(
            BreakerGen.Scripts, run => BreakerRun.Compare(run.Options, PlantedBreakers.All[bug](run.Options), run.Steps), runs: 2_000));
        Assert.NotNull(failure);
        Assert.Contains("Falsifiable", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neutral_verdicts_could_as_well_not_be_there() =>
        Always.Holds(
            from options in BreakerGen.Options
            from verdicts in (from verdict in BreakerGen.AnyVerdict from ms in Gen.Choose(0, 3_000) select (verdict, ms)).ListOf(60)
            select (options, verdicts),
            run =>
            {
                var (with, without) = (new CircuitBreaker(run.options), new CircuitBreaker(run.options));
                var now = Start;
                foreach (var (verdict, ms) in run.verdicts)
                {
                    now += TimeSpan.FromMilliseconds(ms);
                    var lease = with.TryEnter(now, Lease, 0).Lease;
                    with.Record(verdict, lease, now, 0.5);
                    if (verdict != Verdict.Neutral)
                    {
                        without.Record(verdict, without.TryEnter(now, Lease, 0).Lease, now, 0.5);
                    }

                    // A probe that was let out leaves a trace, half-open, also when it says nothing.
                    var (a, b) = (with.Snapshot(now), without.Snapshot(now));
                    Assert.Equal(b.Opened, a.Opened);
                    Assert.Equal(b.State == BreakerState.Open && now >= b.OpenUntil, a.State == BreakerState.HalfOpen || (a.State == BreakerState.Open && now >= a.OpenUntil));
                }
            });

    [Fact]
    public void Opens_at_the_first_request_that_fulfils_a_rule_and_never_before() =>
        Always.Holds(
            from row in Gen.Choose(1, 6)
            from minimum in Gen.Choose(1, 20)
            from percent in Gen.Choose(1, 100)
            from failed in Gen.Elements(true, false).ListOf(60)
            select (row, minimum, percent, failed),
            run =>
            {
                var breaker = new CircuitBreaker(new() { ConsecutiveFailures = run.row, MinimumRequests = run.minimum, FailureRatio = run.percent / 100.0 });
                var (row, bad, total) = (0, 0, 0);
                foreach (var failed in run.failed)
                {
                    breaker.Record(failed ? Verdict.Failure : Verdict.Success, default, Start, 0.5);
                    row = failed ? row + 1 : 0;
                    bad += failed ? 1 : 0;
                    total++;
                    var tripped = failed && (row >= run.row || (total >= run.minimum && bad * 100 >= run.percent * total));
                    Assert.Equal(tripped ? BreakerState.Open : BreakerState.Closed, breaker.Snapshot(Start).State);
                    if (tripped)
                    {
                        return;
                    }
                }
            },
            runs: 2_000);

    [Fact]
    public void Switched_off_never_opens() =>
        Always.Holds(
            BreakerGen.Scripts,
            run =>
            {
                var off = run.Options with { Enabled = false };
                var breaker = new CircuitBreaker(off);
                foreach (var ms in Enumerable.Range(0, 100))
                {
                    Assert.True(breaker.TryEnter(Start + TimeSpan.FromMilliseconds(ms), Lease, 0.999).Allowed);
                    breaker.Record(Verdict.Failure, default, Start + TimeSpan.FromMilliseconds(ms), 0.5);
                }

                Assert.Equal(new(BreakerState.Closed, BreakerReason.None, TimeSpan.Zero, TimeSpan.Zero, 0), breaker.Snapshot(Start));
                BreakerRun.Compare(off, new RealBreaker(off), run.Steps);
            });

    [Fact]
    public void Time_that_jumps_about_never_throws() =>
        Always.Holds(
            from options in BreakerGen.Options
            from steps in (from seconds in Gen.Choose(-1_000_000, 1_000_000) from verdict in BreakerGen.AnyVerdict from answered in Gen.Elements(true, false) select (seconds, verdict, answered)).ListOf(60)
            select (options, steps),
            run =>
            {
                var breaker = new CircuitBreaker(run.options);
                foreach (var (seconds, verdict, answered) in run.steps)
                {
                    var now = TimeSpan.FromSeconds(seconds);
                    var entry = breaker.TryEnter(now, Lease, 0.3);
                    if (answered)
                    {
                        breaker.ProbeAnswered(entry.Lease, now);
                    }

                    breaker.Record(verdict, entry.Lease, now, 0.7);
                    Assert.True(breaker.Snapshot(now).Opened >= 0);
                }
            });
}
