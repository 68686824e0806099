using Relay.Core.Breaker;
using Relay.Core.Slow;

namespace Relay.Core.Tests.Slow;

/// <summary>Which attempts are slow, and how many make a target slow.</summary>
public class SlowAttemptTests
{
    private static readonly SlowClass Usual = SlowClass.Of(1000, reasons: false);

    [Fact]
    public void Three_times_the_median_is_the_limit_where_the_spread_is_small()
    {
        var story = new SlowStory().Learn();
        Assert.InRange(story.Guard.FirstTokenLimit(Usual).TotalMilliseconds, 1_100, 1_300);
        Assert.False(story.Stream(1_000));
        Assert.True(story.Stream(1_700));
    }

    [Fact]
    public void Five_slow_ones_make_the_target_slow_and_four_do_not()
    {
        var story = new SlowStory().Learn();
        story.Stream(1_700, times: 4);
        Assert.False(story.IsAvoided);
        story.Stream(1_700);
        Assert.True(story.IsAvoided);
        Assert.Equal((BreakerState.Open, BreakerReason.Slow, 1), (story.State.State, story.State.Reason, story.State.Opened));
    }

    [Fact]
    public void One_in_ten_slow_never_does()
    {
        var story = new SlowStory().Learn();
        for (var i = 0; i < 1_000; i++)
        {
            story.Stream(i % 10 == 0 ? 3_000 : 400);
        }

        Assert.Equal(0, story.State.Opened);
    }

    [Fact]
    public void Too_little_known_is_never_slow()
    {
        var story = new SlowStory();
        story.Stream(100, times: 29);
        Assert.False(story.Stream(9_000));
    }

    [Fact]
    public void A_few_milliseconds_are_never_slow()
    {
        var story = new SlowStory();
        story.Stream(2, gapMs: 1, times: 60);
        Assert.False(story.Stream(240, gapMs: 20));
        Assert.True(story.Stream(300, gapMs: 1));
        Assert.True(story.Stream(2, gapMs: 24));
    }

    [Fact]
    public void The_absolute_limit_needs_nothing_known()
    {
        var story = new SlowStory();
        Assert.False(story.Stream(1_900, max: TimeSpan.FromSeconds(2)));
        Assert.True(story.Stream(2_100, max: TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Slow_tokens_count_as_slow_first_ones_do_and_an_attempt_counts_once()
    {
        var story = new SlowStory().Learn();
        Assert.True(story.Stream(400, gapMs: 90));
        var both = new SlowStory().Learn();
        both.Stream(1_700, gapMs: 90, times: 4);
        Assert.Equal(0, both.State.Opened);
    }

    [Fact]
    public void Long_prompts_and_reasoning_are_compared_with_their_like()
    {
        var story = new SlowStory().Learn();
        Assert.False(story.Stream(9_000, times: 20, bytes: 20_000));
        Assert.False(story.Stream(9_000, times: 20, bytes: 200_000));
        Assert.False(story.Stream(9_000, times: 20, reasons: true));
        Assert.False(story.IsAvoided);
        Assert.True(story.Stream(9_000));
    }

    [Fact]
    public void Plain_answers_are_compared_by_their_length()
    {
        var story = new SlowStory();
        for (var i = 0; i < 60; i++)
        {
            var tokens = 50 + (i * 10);
            story.Plain(20 * (20 + tokens), tokens);
        }

        Assert.False(story.Plain(20_000, 1_000));
        Assert.True(story.Plain(6_000, 40));
        Assert.True(story.Plain(80_000, 1_000));
    }

    [Fact]
    public void Who_leaves_after_the_limit_counts_and_who_leaves_before_does_not()
    {
        var story = new SlowStory().Learn();
        Assert.False(story.GiveUp(900));
        for (var i = 0; i < 5; i++)
        {
            Assert.True(story.GiveUp(1_500));
        }

        Assert.True(story.IsAvoided);
    }

    [Fact]
    public void Who_waits_is_noticed_while_waiting()
    {
        var story = new SlowStory().Learn();
        for (var i = 0; i < 5; i++)
        {
            story.Enter();
        }

        story.Wait(1.5);
        Assert.False(story.IsAvoided);
        story.Enter();
        Assert.True(story.IsAvoided);
    }

    [Fact]
    public void One_that_was_noticed_while_waiting_does_not_count_again()
    {
        var story = new SlowStory().Learn();
        for (var i = 0; i < 4; i++)
        {
            var ticket = story.Enter();
            story.Wait(1.5);
            var other = story.Enter();
            story.Guard.FirstToken(ref ticket, TimeSpan.FromSeconds(1.5), alone: false, story.Now, 0.5);
            Assert.True(ticket.IsSlow);
            story.Guard.Leave(ref ticket, answered: true, waitedFor: null, story.Now, 0.5);
            story.Guard.Leave(ref other, answered: false, waitedFor: null, story.Now, 0.5);
        }

        Assert.False(story.IsAvoided);
    }

    [Fact]
    public void Places_for_the_waiting_are_given_back()
    {
        var story = new SlowStory().Learn();
        for (var i = 0; i < 1_000; i++)
        {
            var ticket = story.Enter();
            story.Guard.Leave(ref ticket, answered: false, waitedFor: null, story.Now, 0.5);
        }

        for (var i = 0; i < 8; i++)
        {
            story.Enter();
        }

        story.Wait(1.5).Enter();
        Assert.True(story.IsAvoided);
    }

    [Fact]
    public void Switched_off_nothing_is_slow()
    {
        var story = new SlowStory(SlowOptions.Default with { Enabled = false }).Learn();
        Assert.False(story.Stream(60_000, gapMs: 900, times: 50, max: TimeSpan.FromSeconds(1)));
        Assert.False(story.IsAvoided);
    }

    [Fact]
    public void Without_a_breaker_attempts_are_slow_but_no_target_is_avoided()
    {
        var story = new SlowStory(breaker: BreakerOptions.Default with { Enabled = false }).Learn();
        Assert.True(story.Stream(60_000, times: 50));
        Assert.False(story.IsAvoided);
    }
}
