using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

public class CircuitBreakerProbeTests
{
    private static readonly BreakerOptions Options = new() { MinimumRequests = 1_000_000 };

    [Fact]
    public void Only_one_of_many_becomes_the_probe()
    {
        var story = ReadyToProbe();
        var entries = Enumerable.Range(0, 100).Select(_ => story.Enter()).ToList();
        Assert.True(entries[0].Allowed && entries[0].Lease.IsHeld);
        Assert.All(entries.Skip(1), entry => Assert.Equal(new(false, default, entries[0].Lease.ExpiresAt), entry));
        Assert.Equal((BreakerState.HalfOpen, BreakerReason.ProbeGranted), (story.State, story.Now.Reason));
        Assert.Equal(TimeSpan.FromSeconds(12), story.RefusedFor);
    }

    [Fact]
    public void A_lost_probe_starves_nobody_another_goes_when_its_lease_expires()
    {
        var story = ReadyToProbe();
        var lost = story.SendProbe();
        story.Wait(11.999);
        Assert.False(story.Enter().Allowed);
        story.Wait(0.001);
        Assert.Null(story.RefusedFor);
        Assert.NotEqual(lost.Id, story.SendProbe().Id);
        Assert.False(story.Enter().Allowed);
    }

    [Fact]
    public void Expired_but_not_replaced_a_probe_still_settles()
    {
        var story = ReadyToProbe();
        var slow = story.SendProbe();
        story.Wait(60);
        story.Answered(slow);
        Assert.Equal(BreakerState.Ramping, story.State);
    }

    [Theory]
    [InlineData(Verdict.Neutral)]
    [InlineData(Verdict.Success)]
    [InlineData(Verdict.Failure)]
    public void A_replaced_probe_changes_nothing_in_any_state(Verdict verdict)
    {
        var story = ReadyToProbe();
        var stale = story.SendProbe();
        story.Wait(12);
        var second = story.SendProbe();
        Unmoved(story, stale, verdict);

        // Neither while the second one's success ramps up, on probation, nor when that is over.
        story.Answered(second);
        Unmoved(story, stale, verdict);
        story.Wait(5);
        Unmoved(story, stale, verdict);
        Assert.Equal(BreakerState.Closed, story.State);

        story.Record(Verdict.Failure, second);
        Unmoved(story, stale, verdict);
        Assert.Equal(BreakerState.Open, story.State);
    }

    [Fact]
    public void Neutral_gives_the_lease_back_and_the_next_request_probes()
    {
        var story = ReadyToProbe();
        var before = story.SendProbe();
        story.Record(Verdict.Neutral, before);
        Assert.Equal((BreakerState.HalfOpen, 1), (story.State, story.Now.Opened));
        Assert.Null(story.RefusedFor);
        var next = story.SendProbe();
        Unmoved(story, before, Verdict.Success);
        Assert.False(story.Enter().Allowed);
        story.Record(Verdict.Success, next);
        Assert.Equal(BreakerState.Ramping, story.State);
    }

    [Fact]
    public void First_token_closes_it_before_the_answer_is_over()
    {
        var story = ReadyToProbe();
        story.Answered(story.SendProbe());
        Assert.Equal((BreakerState.Ramping, BreakerReason.ProbeSucceeded), (story.State, story.Now.Reason));
        Assert.False(story.Send().IsHeld);
    }

    [Fact]
    public void A_probe_that_answers_and_then_fails_opens_it_again_for_longer()
    {
        var story = ReadyToProbe();
        var probe = story.SendProbe();
        story.Answered(probe);
        story.Wait(4);
        story.Record(Verdict.Failure, probe);
        Assert.Equal((BreakerState.Open, 2, 10), (story.State, story.Now.Opened, story.OpenFor.TotalSeconds));
    }

    [Fact]
    public void A_probe_that_answered_is_heard_once_more_only()
    {
        var story = ReadyToProbe();
        var probe = story.SendProbe();
        story.Answered(probe);
        story.Record(Verdict.Success, probe);
        for (var i = 0; i < 10; i++)
        {
            Unmoved(story, probe, Verdict.Failure);
        }
    }

    [Fact]
    public void One_failure_on_probation_opens_it_and_after_a_success_it_takes_a_full_row()
    {
        var onProbation = ReadyToProbe();
        onProbation.Answered(onProbation.SendProbe());
        onProbation.Serve(Verdict.Failure);
        Assert.Equal(BreakerState.Open, onProbation.State);

        var trusted = ReadyToProbe();
        trusted.Answered(trusted.SendProbe());
        trusted.Serve(Verdict.Success);
        trusted.Serve(Verdict.Failure, 2);
        Assert.Equal(BreakerState.Ramping, trusted.State);
        trusted.Serve(Verdict.Failure);
        Assert.Equal(BreakerState.Open, trusted.State);
    }

    [Fact]
    public void A_whole_success_ends_probation_at_once()
    {
        var story = ReadyToProbe();
        story.Record(Verdict.Success, story.SendProbe());
        story.Serve(Verdict.Failure, 2);
        Assert.Equal(BreakerState.Ramping, story.State);
    }

    [Fact]
    public void Failures_from_before_the_trip_are_forgotten_when_it_closes()
    {
        var story = new Story(new() { ConsecutiveFailures = 1_000, Window = TimeSpan.FromHours(1) });
        story.Serve(Verdict.Failure, 10);
        story.WaitUntilProbe();
        story.Record(Verdict.Success, story.SendProbe());
        story.Serve(Verdict.Success, 5);
        story.Serve(Verdict.Failure, 4);
        Assert.Equal(BreakerState.Ramping, story.State);
        story.Serve(Verdict.Failure);
        Assert.Equal((BreakerState.Open, BreakerReason.FailureRatio), (story.State, story.Now.Reason));
    }

    private static Story ReadyToProbe()
    {
        var story = Story.OfTripped(Options);
        story.WaitUntilProbe();
        return story;
    }

    private static void Unmoved(Story story, ProbeLease lease, Verdict verdict)
    {
        var (before, refused) = (story.Now, story.RefusedFor);
        story.Answered(lease);
        story.Record(verdict, lease);
        Assert.Equal((before, refused), (story.Now, story.RefusedFor));
    }
}
