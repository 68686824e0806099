using FsCheck.Fluent;
using Relay.Core.Attempts;
using Relay.Core.Errors;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Attempts;

public class AttemptPolicyTests
{
    private static readonly RetryOptions Options = RetryOptions.Default;
    private static readonly AttemptDecision Stop = new(NextStep.Stop, TimeSpan.Zero);
    private static readonly AttemptDecision FailOver = new(NextStep.FailOver, TimeSpan.Zero);

    public static TheoryData<ErrorKind> Kinds => [.. Enum.GetValues<ErrorKind>()];

    public static TheoryData<ErrorKind> Retried => [.. ErrorTable.All.Where(row => row.RetrySameTarget).Select(row => row.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_all_in_its_favour_a_kind_is_retried_failed_over_or_stopped_as_its_row_says(ErrorKind kind)
    {
        var row = ErrorTable.Of(kind);
        var expected = row.RetrySameTarget ? NextStep.Retry : row.FailOver ? NextStep.FailOver : NextStep.Stop;
        Assert.Equal(expected, Decide(Failed(kind)).Step);
        Assert.Equal(row.RetrySameTarget ? NextStep.Retry : NextStep.Stop, Decide(Failed(kind) with { AnotherTarget = false }).Step);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_situation_of_every_kind_ends_as_the_rules_say(ErrorKind kind)
    {
        var row = ErrorTable.Of(kind);
        bool[] both = [true, false];
        TimeSpan?[] asked = [null, TimeSpan.Zero, Seconds(3), Seconds(3) + TimeSpan.FromTicks(1), Seconds(3_600)];
        TimeSpan[] left = [Seconds(-1), TimeSpan.Zero, TimeSpan.FromTicks(1), Seconds(3), Seconds(300)];
        var situations =
            from retryAfter in asked
            from attempts in Enumerable.Range(1, 5)
            from probe in both
            from another in both
            from budget in both
            from timeLeft in left
            select new AttemptHistory(kind, retryAfter, attempts, probe, another, budget, timeLeft);
        foreach (var situation in situations)
        {
            var decision = Decide(situation);
            var wait = situation.RetryAfter ?? AttemptPolicy.Backoff(situation.AttemptsOnTarget, Options, 0.5);
            var retry = row.RetrySameTarget && !situation.WasProbe && situation.AttemptsOnTarget <= 2 && situation.RetryBudgetLeft
                && !(situation.RetryAfter > Seconds(3)) && wait < situation.TimeLeft;
            var failOver = row.FailOver && situation.AnotherTarget && situation.TimeLeft > TimeSpan.Zero;
            Assert.Equal(retry ? new(NextStep.Retry, wait) : failOver ? FailOver : Stop, decision);
        }
    }

    [Theory]
    [MemberData(nameof(Retried))]
    public void Probe_is_never_retried(ErrorKind kind) => Assert.Equal(FailOver, Decide(Failed(kind) with { WasProbe = true }));

    [Theory]
    [MemberData(nameof(Retried))]
    public void Without_retry_budget_the_next_target_is_tried(ErrorKind kind) =>
        Assert.Equal(FailOver, Decide(Failed(kind) with { RetryBudgetLeft = false }));

    [Theory]
    [MemberData(nameof(Retried))]
    public void Retries_on_one_target_are_counted_and_end(ErrorKind kind)
    {
        Assert.Equal(NextStep.Retry, Decide(Failed(kind) with { AttemptsOnTarget = 2 }).Step);
        Assert.Equal(FailOver, Decide(Failed(kind) with { AttemptsOnTarget = 3 }));
        Assert.Equal(FailOver, AttemptPolicy.Decide(Failed(kind), Options with { MaxPerTarget = 0 }, 0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(1)]
    [InlineData(3)]
    public void Short_retry_after_is_waited_for_exactly(double seconds) =>
        Assert.Equal(new(NextStep.Retry, Seconds(seconds)), Decide(Failed(ErrorKind.ProviderRateLimited) with { RetryAfter = Seconds(seconds) }));

    [Theory]
    [InlineData(3.0000001)]
    [InlineData(60)]
    [InlineData(86_400)]
    public void Long_retry_after_fails_over_and_without_another_target_stops(double seconds)
    {
        var history = Failed(ErrorKind.ProviderRateLimited) with { RetryAfter = Seconds(seconds) };
        Assert.Equal(FailOver, Decide(history));
        Assert.Equal(Stop, Decide(history with { AnotherTarget = false }));
    }

    [Theory]
    [InlineData(ErrorKind.ProviderRateLimited, 0.5, 0.5)]
    [InlineData(ErrorKind.ProviderRateLimited, 59.9, 59.9)]
    [InlineData(ErrorKind.ProviderRateLimited, 60, 60)]
    [InlineData(ErrorKind.ProviderRateLimited, 86_400, 60)]
    [InlineData(ErrorKind.ProviderOverloaded, 30, 30)]
    public void Retry_after_leaves_the_target_alone_up_to_the_cap(ErrorKind kind, double asked, double expected) =>
        Assert.Equal(Seconds(expected), AttemptPolicy.LeaveAlone(kind, Seconds(asked), Options));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Target_is_left_alone_only_when_it_asked_and_only_for_rate_or_load(ErrorKind kind)
    {
        Assert.Equal(TimeSpan.Zero, AttemptPolicy.LeaveAlone(kind, null, Options));
        var about = kind is ErrorKind.ProviderRateLimited or ErrorKind.ProviderOverloaded;
        Assert.Equal(about ? Seconds(7) : TimeSpan.Zero, AttemptPolicy.LeaveAlone(kind, Seconds(7), Options));
    }

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(2, 0.5)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 4)]
    [InlineData(6, 5)]
    [InlineData(7, 5)]
    [InlineData(1_000, 5)]
    public void Backoff_draws_evenly_from_zero_to_a_doubling_end(int attempts, double end)
    {
        Assert.Equal(TimeSpan.Zero, AttemptPolicy.Backoff(attempts, Options, 0));
        Assert.Equal(Seconds(end / 2), AttemptPolicy.Backoff(attempts, Options, 0.5));
        Assert.InRange(AttemptPolicy.Backoff(attempts, Options, 0.9999999999), Seconds(end * 0.999), Seconds(end));
    }

    [Fact]
    public void Backoff_never_leaves_its_bounds() =>
        Always.Holds(
            from attempts in Gen.Choose(-1, 100)
            from baseMs in Gen.Choose(0, 60_000)
            from maxMs in Gen.Choose(0, 3_600_000)
            from sample in BreakerGen.Sample
            select (attempts, baseMs, maxMs, sample),
            run =>
            {
                var options = new RetryOptions { BackoffBase = TimeSpan.FromMilliseconds(run.baseMs), BackoffMax = TimeSpan.FromMilliseconds(run.maxMs) };
                var wait = AttemptPolicy.Backoff(run.attempts, options, run.sample);
                Assert.InRange(wait, TimeSpan.Zero, options.BackoffMax);
                Assert.True(run.attempts > 1 || wait <= options.BackoffBase);
            });

    [Fact]
    public void No_retry_outlasts_the_request()
    {
        var history = Failed(ErrorKind.ProviderOverloaded) with { RetryAfter = Seconds(2) };
        Assert.Equal(NextStep.Retry, Decide(history with { TimeLeft = Seconds(2) + TimeSpan.FromTicks(1) }).Step);
        Assert.Equal(FailOver, Decide(history with { TimeLeft = Seconds(2) }));
        Assert.Equal(Stop, Decide(history with { TimeLeft = Seconds(2), AnotherTarget = false }));
        Assert.Equal(Stop, Decide(history with { TimeLeft = TimeSpan.Zero }));
    }

    private static AttemptDecision Decide(AttemptHistory history) => AttemptPolicy.Decide(history, Options, 0.5);

    private static AttemptHistory Failed(ErrorKind kind) =>
        new(kind, RetryAfter: null, AttemptsOnTarget: 1, WasProbe: false, AnotherTarget: true, RetryBudgetLeft: true, TimeLeft: Seconds(300));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
