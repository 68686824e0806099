using Relay.Core.Attempts;

namespace Relay.Core.Tests.Attempts;

public class TimeoutOptionsTests
{
    [Theory]
    [InlineData(true, false, 12)]
    [InlineData(false, false, 120)]
    [InlineData(true, true, 60)]
    [InlineData(false, true, 600)]
    public void First_token_limit_is_short_while_another_target_remains_and_longer_for_reasoning(bool anotherTarget, bool reasoning, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TimeoutOptions.Default.FirstTokenLimit(anotherTarget, reasoning));

    [Fact]
    public void First_token_limit_follows_the_options()
    {
        var options = new TimeoutOptions { FirstToken = TimeSpan.FromSeconds(2), FirstTokenLast = TimeSpan.FromSeconds(3), ReasoningFactor = 1.5 };
        Assert.Equal(
            [2, 3, 3, 4.5],
            new[] { options.FirstTokenLimit(true, false), options.FirstTokenLimit(false, false), options.FirstTokenLimit(true, true), options.FirstTokenLimit(false, true) }.Select(limit => limit.TotalSeconds));
    }

    [Fact]
    public void Defaults_are_those_of_the_design()
    {
        var defaults = TimeoutOptions.Default;
        Assert.Equal(
            [5, 5, 30, 12, 120, 20, 120, 300],
            new[] { defaults.Connect, defaults.PoolWait, defaults.RequestWrite, defaults.FirstToken, defaults.FirstTokenLast, defaults.Idle, defaults.Attempt, defaults.Total }.Select(limit => limit.TotalSeconds));
    }
}
