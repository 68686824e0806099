using FsCheck.Fluent;
using Relay.Core.Attempts;
using Relay.Core.Tests.Breaker;

namespace Relay.Core.Tests.Attempts;

public class RetryBudgetTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void Floor_is_allowed_without_any_request()
    {
        var budget = new RetryBudget();
        Assert.Equal(10, Take(budget, RetryOptions.Default, Start, 100));
    }

    [Fact]
    public void Above_the_floor_a_fifth_of_the_requests_is_allowed()
    {
        var budget = new RetryBudget();
        Count(budget, 1_004, Start);
        Assert.Equal(200, Take(budget, RetryOptions.Default, Start, 1_000));
        budget.CountRequest(Start);
        Assert.Equal(1, Take(budget, RetryOptions.Default, Start, 1_000));
    }

    [Fact]
    public void Exactly_the_share_is_allowed_also_where_doubles_cannot_say_it()
    {
        // 0.29 * 100 is a little less than 29.
        var budget = new RetryBudget();
        Count(budget, 100, Start);
        Assert.Equal(29, Take(budget, new() { BudgetRatio = 0.29, BudgetFloor = 0 }, Start, 100));
    }

    [Fact]
    public void Nothing_allowed_is_nothing_taken()
    {
        var budget = new RetryBudget();
        Count(budget, 100, Start);
        Assert.Equal(0, Take(budget, new() { BudgetRatio = 0, BudgetFloor = 0 }, Start, 10));
        Assert.Equal(0, Take(new RetryBudget(), new() { BudgetRatio = 1, BudgetFloor = 0 }, Start, 10));
    }

    [Fact]
    public void Returned_retry_can_be_taken_again()
    {
        var budget = new RetryBudget();
        Take(budget, RetryOptions.Default, Start, 10);
        budget.Return(Start);
        Assert.Equal(1, Take(budget, RetryOptions.Default, Start, 10));
    }

    [Fact]
    public void Return_of_nothing_adds_nothing()
    {
        var budget = new RetryBudget();
        budget.Return(Start);
        budget.Return(Start);
        Assert.Equal(10, Take(budget, RetryOptions.Default, Start, 100));
    }

    [Fact]
    public void Retries_at_the_end_of_one_span_count_at_the_begin_of_the_next()
    {
        var budget = new RetryBudget();
        Assert.Equal(10, Take(budget, RetryOptions.Default, Start + TimeSpan.FromSeconds(0.95), 100));
        Assert.Equal(0, Take(budget, RetryOptions.Default, Start + TimeSpan.FromSeconds(10.05), 100));
        Assert.Equal(10, Take(budget, RetryOptions.Default, Start + TimeSpan.FromSeconds(11), 100));
    }

    [Fact]
    public void In_no_trailing_ten_seconds_more_is_taken_than_floor_or_share() =>
        Always.Holds(
            from floor in Gen.Choose(0, 12)
            from percent in Gen.Choose(0, 100)
            from steps in (from ms in Gen.Frequency((4, Gen.Choose(0, 300)), (2, Gen.Choose(0, 3_000)), (1, Gen.Elements(9_999, 10_000, 10_001, 60_000)))
                           from requests in Gen.Choose(0, 12)
                           from retries in Gen.Choose(0, 12)
                           select (ms, requests, retries)).ListOf(80)
            select (floor, percent, steps),
            run =>
            {
                var budget = new RetryBudget();
                var options = new RetryOptions { BudgetFloor = run.floor, BudgetRatio = run.percent / 100.0 };
                var now = Start;
                var requests = new List<TimeSpan>();
                var retries = new List<TimeSpan>();
                foreach (var (ms, more, tries) in run.steps)
                {
                    now += TimeSpan.FromMilliseconds(ms);
                    Count(budget, more, now);
                    requests.AddRange(Enumerable.Repeat(now, more));
                    var taken = Take(budget, options, now, tries);
                    retries.AddRange(Enumerable.Repeat(now, taken));

                    var recent = retries.Count(at => at > now - Span);
                    var allowed = Math.Max(run.floor * 100, run.percent * requests.Count(at => at > now - Span));
                    Assert.True(taken == 0 || recent * 100 <= allowed, $"{recent} retries in 10 s, {allowed / 100.0} allowed");

                    // Nor is it stingier than its slices of one second make it.
                    var surely = Math.Max(run.floor * 100, run.percent * requests.Count(at => at > now - TimeSpan.FromSeconds(9)));
                    var atMost = retries.Count(at => at > now - TimeSpan.FromSeconds(11));
                    Assert.True(taken == tries || (atMost + 1) * 100 > surely, $"refused at {atMost} retries in 11 s, {surely / 100.0} allowed");
                }
            },
            runs: 1_000);

    [Fact]
    public void Time_going_backwards_counts_as_now()
    {
        var budget = new RetryBudget();
        Take(budget, RetryOptions.Default, Start, 10);
        Assert.Equal(0, Take(budget, RetryOptions.Default, Start - TimeSpan.FromMinutes(5), 10));
        Assert.Equal(0, Take(budget, RetryOptions.Default, TimeSpan.Zero, 10));
    }

    private static void Count(RetryBudget budget, int requests, TimeSpan now)
    {
        for (var i = 0; i < requests; i++)
        {
            budget.CountRequest(now);
        }
    }

    private static int Take(RetryBudget budget, RetryOptions options, TimeSpan now, int tries) =>
        Enumerable.Range(0, tries).Count(_ => budget.TryTake(options, now));
}
