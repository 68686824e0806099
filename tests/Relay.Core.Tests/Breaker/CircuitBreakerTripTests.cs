using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

public class CircuitBreakerTripTests
{
    private static readonly BreakerOptions RowOnly = new() { MinimumRequests = 1_000_000 };
    private static readonly BreakerOptions ShareOnly = new() { ConsecutiveFailures = 1_000 };

    [Fact]
    public void New_breaker_is_closed()
    {
        var story = new Story(BreakerOptions.Default);
        Assert.Equal((BreakerState.Closed, BreakerReason.None, 0), (story.State, story.Now.Reason, story.Now.Opened));
        Assert.Null(story.RefusedFor);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void The_last_of_n_failures_in_a_row_opens_it_and_none_before(int row)
    {
        var story = new Story(RowOnly with { ConsecutiveFailures = row });
        story.Serve(Verdict.Failure, row - 1);
        Assert.Equal(BreakerState.Closed, story.State);
        story.Serve(Verdict.Failure);
        Assert.Equal((BreakerState.Open, BreakerReason.ConsecutiveFailures, 1), (story.State, story.Now.Reason, story.Now.Opened));
    }

    [Fact]
    public void A_row_counts_however_slow_it_is()
    {
        var story = new Story(RowOnly);
        for (var i = 0; i < 3; i++)
        {
            story.Wait(3600);
            story.Serve(Verdict.Failure);
        }

        Assert.Equal(BreakerState.Open, story.State);
    }

    [Fact]
    public void Success_starts_the_row_anew()
    {
        var story = new Story(RowOnly);
        for (var i = 0; i < 20; i++)
        {
            story.Serve(Verdict.Failure, 2);
            story.Serve(Verdict.Success);
        }

        Assert.Equal(BreakerState.Closed, story.State);
    }

    [Fact]
    public void Neutral_neither_breaks_nor_lengthens_a_row()
    {
        var story = new Story(RowOnly);
        story.Serve(Verdict.Failure, 2);
        story.Serve(Verdict.Neutral, 100);
        Assert.Equal(BreakerState.Closed, story.State);
        story.Serve(Verdict.Failure);
        Assert.Equal(BreakerState.Open, story.State);
    }

    [Fact]
    public void Half_of_the_minimum_opens_it_and_fewer_requests_do_not()
    {
        var story = new Story(ShareOnly);
        story.Serve(Verdict.Success, 4);
        story.Serve(Verdict.Failure, 5);
        Assert.Equal(BreakerState.Closed, story.State);
        story.Serve(Verdict.Failure);
        Assert.Equal((BreakerState.Open, BreakerReason.FailureRatio), (story.State, story.Now.Reason));
    }

    [Fact]
    public void Less_than_the_share_never_opens_it()
    {
        var story = new Story(ShareOnly);
        for (var i = 0; i < 100; i++)
        {
            story.Serve(Verdict.Success, 2);
            story.Serve(Verdict.Failure);
            story.Wait(0.1);
        }

        Assert.Equal(BreakerState.Closed, story.State);
    }

    [Fact]
    public void Neutral_is_not_part_of_the_share()
    {
        var story = new Story(ShareOnly);
        story.Serve(Verdict.Neutral, 100);
        story.Serve(Verdict.Failure, 9);
        Assert.Equal(BreakerState.Closed, story.State);
        story.Serve(Verdict.Failure);
        Assert.Equal(BreakerState.Open, story.State);
    }

    [Fact]
    public void Exactly_the_share_opens_it_also_where_doubles_cannot_say_it()
    {
        // 0.07 * 100 is a little more than 7.
        var story = new Story(ShareOnly with { FailureRatio = 0.07, MinimumRequests = 100 });
        story.Serve(Verdict.Success, 93);
        story.Serve(Verdict.Failure, 6);
        Assert.Equal(BreakerState.Closed, story.State);
        story.Serve(Verdict.Failure);
        Assert.Equal(BreakerState.Open, story.State);
    }

    [Fact]
    public void What_left_the_window_is_forgotten()
    {
        var story = new Story(ShareOnly);
        story.Serve(Verdict.Failure, 9);
        story.Wait(30);
        story.Serve(Verdict.Failure, 9);
        Assert.Equal(BreakerState.Closed, story.State);
        story.Serve(Verdict.Failure);
        Assert.Equal(BreakerState.Open, story.State);
    }

    [Fact]
    public void While_open_nothing_enters_and_all_hear_when_to_come_back()
    {
        var story = Story.OfTripped(RowOnly);
        Assert.Equal(TimeSpan.FromSeconds(5), story.RefusedFor);
        story.Wait(4.999);
        var refused = story.Enter();
        Assert.False(refused.Allowed);
        Assert.False(refused.Lease.IsHeld);
        Assert.Equal(story.Now.OpenUntil, refused.RetryAt);
        story.Wait(0.001);
        Assert.Null(story.RefusedFor);
        Assert.True(story.Enter().Lease.IsHeld);
    }

    [Theory]
    [InlineData(0.0, 4.5)]
    [InlineData(0.5, 5.0)]
    [InlineData(0.999999, 5.5)]
    public void Jitter_spreads_the_open_time_by_its_share(double sample, double seconds)
    {
        var story = new Story(RowOnly with { ConsecutiveFailures = 1 });
        story.Record(Verdict.Failure, story.Send(), sample);
        Assert.Equal(seconds, story.OpenFor.TotalSeconds, tolerance: 0.00001);
    }

    [Fact]
    public void Open_time_doubles_with_each_failed_probe_up_to_the_cap()
    {
        var story = Story.OfTripped(RowOnly);
        var open = new List<double> { story.OpenFor.TotalSeconds };
        for (var i = 0; i < 40; i++)
        {
            story.WaitUntilProbe();
            story.Record(Verdict.Failure, story.SendProbe());
            Assert.Equal(BreakerReason.ProbeFailed, story.Now.Reason);
            open.Add(story.OpenFor.TotalSeconds);
        }

        Assert.Equal([5, 10, 20, 20, 20], open.Take(5));
        Assert.Equal(20, open[^1]);
        Assert.Equal(41, story.Now.Opened);
    }

    [Fact]
    public void Requests_sent_before_the_trip_do_not_prolong_it()
    {
        var story = new Story(RowOnly);
        var late = Enumerable.Range(0, 20).Select(_ => story.Send()).ToList();
        story.Serve(Verdict.Failure, 3);
        var before = story.Now;
        story.Wait(2);
        late.Take(10).ToList().ForEach(lease => story.Record(Verdict.Failure, lease));
        Assert.Equal(before, story.Now);

        story.WaitUntilProbe();
        var probe = story.SendProbe();
        story.Record(Verdict.Failure, late[10]);
        Assert.Equal(BreakerState.HalfOpen, story.State);
        story.Answered(probe);
        late.Skip(11).ToList().ForEach(lease => story.Record(Verdict.Failure, lease));
        Assert.Equal((BreakerState.Ramping, 1), (story.State, story.Now.Opened));
    }

    [Fact]
    public void Successes_sent_before_the_trip_do_not_end_it()
    {
        var story = new Story(RowOnly);
        var late = story.Send();
        story.Serve(Verdict.Failure, 3);
        story.Record(Verdict.Success, late);
        Assert.Equal(BreakerState.Open, story.State);
    }

    [Fact]
    public void Switched_off_it_stays_closed_under_any_number_of_failures()
    {
        var story = new Story(BreakerOptions.Default with { Enabled = false });
        story.Serve(Verdict.Failure, 1_000);
        Assert.Equal((BreakerState.Closed, 0), (story.State, story.Now.Opened));
    }
}
