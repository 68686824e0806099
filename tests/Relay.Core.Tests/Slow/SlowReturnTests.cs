using Relay.Core.Breaker;
using Relay.Core.Slow;

namespace Relay.Core.Tests.Slow;

/// <summary>How a slow target comes back, and what it may not learn on the way.</summary>
public class SlowReturnTests
{
    private const double PastOpen = 6;

    [Fact]
    public void One_probe_at_a_time_and_two_fine_ones_bring_it_back()
    {
        var story = new SlowStory().Learn().Trip();
        Assert.True(story.IsAvoided);
        story.Wait(PastOpen);
        Assert.False(story.IsAvoided);

        story.Enter();
        Assert.Equal(BreakerState.HalfOpen, story.State.State);
        Assert.True(story.IsAvoided);
        story.Wait(31);
        Assert.False(story.IsAvoided);

        story.Stream(400);
        Assert.Equal(BreakerState.HalfOpen, story.State.State);
        Assert.False(story.IsAvoided);
        story.Stream(400);
        Assert.Equal(BreakerState.Ramping, story.State.State);
        story.Wait(5);
        Assert.Equal(BreakerState.Closed, story.State.State);
    }

    [Fact]
    public void A_slow_probe_keeps_it_away_for_longer()
    {
        var story = new SlowStory().Learn().Trip();
        story.Wait(PastOpen).Stream(1_700);
        Assert.Equal((BreakerState.Open, BreakerReason.Slow, 2), (story.State.State, story.State.Reason, story.State.Opened));
        Assert.True(story.Wait(PastOpen).IsAvoided);
        Assert.False(story.Wait(PastOpen).IsAvoided);
    }

    [Fact]
    public void A_probe_that_is_not_clearly_fine_does_not_bring_it_back()
    {
        var story = new SlowStory().Learn().Trip();
        story.Wait(PastOpen).Stream(950);
        Assert.Equal(BreakerState.HalfOpen, story.State.State);
        story.Stream(950);
        Assert.Equal(BreakerState.Open, story.State.State);
    }

    [Fact]
    public void A_target_with_slow_tokens_is_judged_by_its_tokens()
    {
        var story = new SlowStory().Learn();
        story.Stream(400, gapMs: 90, times: 8);
        Assert.Equal(1, story.State.Opened);
        story.Wait(PastOpen).Stream(400, gapMs: 90);
        Assert.Equal(2, story.State.Opened);
        story.Wait(2 * PastOpen);
        story.Stream(400, times: 2);
        Assert.Equal(BreakerState.Ramping, story.State.State);
    }

    [Fact]
    public void A_probe_that_ends_without_saying_gives_its_turn_back()
    {
        var story = new SlowStory().Learn().Trip();
        story.Wait(PastOpen);
        var ticket = story.Enter();
        story.Guard.Leave(ref ticket, answered: false, waitedFor: null, story.Now, 0.5);
        Assert.False(story.IsAvoided);
    }

    [Fact]
    public void A_probe_whose_client_waited_too_long_keeps_it_away()
    {
        var story = new SlowStory().Learn().Trip();
        story.Wait(PastOpen);
        Assert.True(story.GiveUp(1_500));
        Assert.Equal(2, story.State.Opened);
    }

    [Fact]
    public void What_was_sent_before_it_was_found_slow_counts_no_more()
    {
        var story = new SlowStory().Learn();
        var late = Enumerable.Range(0, 20).Select(_ => story.Enter(streams: false)).ToArray();
        story.Trip();
        story.Wait(PastOpen).Stream(400, times: 2);
        Assert.Equal(BreakerState.Ramping, story.State.State);
        for (var i = 0; i < late.Length; i++)
        {
            story.Guard.FirstToken(ref late[i], TimeSpan.FromSeconds(20), alone: false, story.Now, 0.5);
        }

        Assert.Equal(1, story.State.Opened);
    }

    [Fact]
    public void While_it_comes_back_two_slow_ones_are_enough()
    {
        var story = new SlowStory().Learn().Trip();
        story.Wait(PastOpen).Stream(400, times: 2);
        story.Stream(1_700);
        Assert.Equal(1, story.State.Opened);
        story.Stream(1_700);
        Assert.Equal(2, story.State.Opened);
    }

    [Fact]
    public void A_slow_period_does_not_become_usual()
    {
        var story = new SlowStory().Learn();
        var limit = story.Guard.FirstTokenLimit(SlowClass.Of(1000, reasons: false));
        var end = story.Now + TimeSpan.FromMinutes(50);
        while (story.Now < end)
        {
            story.Stream(1_700, gapMs: 80);
            story.Wait(1);
        }

        Assert.Equal(limit, story.Guard.FirstTokenLimit(SlowClass.Of(1000, reasons: false)));
        Assert.NotEqual(BreakerState.Closed, story.State.State);
    }

    [Fact]
    public void What_lasts_an_hour_is_how_it_is()
    {
        var story = new SlowStory().Learn();
        var end = story.Now + TimeSpan.FromMinutes(65);
        while (story.Now < end)
        {
            story.Stream(1_700, gapMs: 80);
            story.Wait(1);
        }

        Assert.Equal(BreakerState.Closed, story.State.State);
        Assert.False(story.Stream(1_700, gapMs: 80));
        Assert.True(story.Stream(8_000, gapMs: 80));
    }

    [Fact]
    public void Trouble_that_is_long_over_leaves_nothing_behind()
    {
        var story = new SlowStory().Learn().Trip();
        story.Wait(PastOpen).Stream(400, times: 2);
        var end = story.Now + TimeSpan.FromHours(3);
        while (story.Now < end)
        {
            story.Stream(400);
            story.Wait(10);
        }

        Assert.InRange(story.Guard.FirstTokenLimit(SlowClass.Of(1000, reasons: false)).TotalMilliseconds, 1_100, 1_300);
        Assert.Equal(1, story.State.Opened);
    }

    [Fact]
    public void Other_options_keep_what_is_usual()
    {
        var story = new SlowStory().Learn();
        var next = new SlowGuard(SlowOptions.Default with { Factor = 5 }, BreakerOptions.Default, story.Guard);
        Assert.InRange(next.FirstTokenLimit(SlowClass.Of(1000, reasons: false)).TotalMilliseconds, 1_850, 2_150);
    }

    [Fact]
    public void One_slow_attempt_alone_is_enough_where_it_is_said_so()
    {
        var story = new SlowStory().Learn();
        var ticket = story.Enter();
        story.Guard.FirstToken(ref ticket, TimeSpan.FromSeconds(2), alone: true, story.Now, 0.5);
        Assert.True(story.IsAvoided);
    }
}
