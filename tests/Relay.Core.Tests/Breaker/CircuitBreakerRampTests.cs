using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

public class CircuitBreakerRampTests
{
    private static readonly BreakerOptions Options = new() { MinimumRequests = 1_000_000 };

    [Fact]
    public void Busy_target_gets_a_share_that_grows_with_the_ramp()
    {
        var story = Ramping(Options);
        var random = new Random(42);
        var begin = story.Elapsed;
        var admitted = new int[5];
        for (var i = 0; i < 10_000; i++)
        {
            var second = (int)(story.Elapsed - begin).TotalSeconds;
            if (story.Enter(random.NextDouble()).Allowed)
            {
                admitted[second]++;
            }

            story.Wait(0.0005);
        }

        // 2,000 requests a second; the mean share of second k is (k + 0.5) / 5, and 0.125 in the first, whose lower half is held at 0.1.
        double[] expected = [0.125, 0.3, 0.5, 0.7, 0.9];
        for (var second = 0; second < 5; second++)
        {
            Assert.Equal(expected[second], admitted[second] / 2000.0, tolerance: 0.05);
        }

        Assert.Equal(BreakerState.Closed, story.State);
    }

    [Fact]
    public void Quiet_target_gets_everything()
    {
        var story = Ramping(Options);
        for (var i = 0; i < 19; i++)
        {
            Assert.True(story.Enter(sample: 0.999).Allowed);
            story.Wait(0.25);
        }

        Assert.Equal(BreakerState.Ramping, story.State);
    }

    [Fact]
    public void Limit_is_asked_for_not_let_in()
    {
        var story = Ramping(Options);
        story.Wait(1);
        var allowed = Enumerable.Range(0, 30).Count(_ => story.Enter(sample: 0.5).Allowed);

        // Up to 5 a second over 2 s all may go, the probe's own among them; then a sample above the share is refused.
        Assert.Equal(9, allowed);
        Assert.True(story.Enter(sample: 0.1).Allowed);
        Assert.False(story.Enter(sample: 0.2).Allowed);
    }

    [Fact]
    public void Refusal_by_the_ramp_may_be_asked_again_at_once()
    {
        var story = Ramping(Options with { RampAboveRequestsPerSecond = 0 });
        var refused = story.Enter(sample: 0.9);
        Assert.False(refused.Allowed);
        Assert.Equal(story.Now.Since, refused.RetryAt);
        Assert.Null(story.RefusedFor);
    }

    [Fact]
    public void Ramp_over_is_closed_since_its_end_whoever_looks_when()
    {
        var story = Ramping(Options);
        var end = story.Now.Since + TimeSpan.FromSeconds(5);
        story.Wait(4.999);
        Assert.Equal(BreakerState.Ramping, story.State);
        story.Wait(1000);
        Assert.Equal((BreakerState.Closed, BreakerReason.RampFinished, end), (story.State, story.Now.Reason, story.Now.Since));
    }

    [Fact]
    public void Doubling_goes_on_during_the_ramp_and_is_reset_after_it()
    {
        var story = Ramping(Options);
        story.Serve(Verdict.Failure);
        Assert.Equal(10, story.OpenFor.TotalSeconds);

        story.WaitUntilProbe();
        story.Record(Verdict.Success, story.SendProbe());
        story.Wait(5);
        story.Serve(Verdict.Failure, 3);
        Assert.Equal((BreakerState.Open, 5), (story.State, story.OpenFor.TotalSeconds));
    }

    [Fact]
    public void No_ramp_closes_at_once()
    {
        var story = Ramping(Options with { RampFor = TimeSpan.Zero, RampAboveRequestsPerSecond = 0 });
        Assert.Equal((BreakerState.Closed, BreakerReason.RampFinished), (story.State, story.Now.Reason));
        Assert.True(story.Enter(sample: 0.999).Allowed);
    }

    private static Story Ramping(BreakerOptions options)
    {
        var story = Story.OfTripped(options);
        story.WaitUntilProbe();
        story.Answered(story.SendProbe());
        return story;
    }
}
