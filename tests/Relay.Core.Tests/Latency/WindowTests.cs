using Relay.Core.Latency;

namespace Relay.Core.Tests.Latency;

public class WindowTests
{
    [Theory]
    [InlineData(Window.OneMinute, "1m", 60)]
    [InlineData(Window.FiveMinutes, "5m", 300)]
    [InlineData(Window.OneHour, "1h", 3600)]
    [InlineData(Window.TwentyFourHours, "24h", 86400)]
    public void Every_window_has_one_spelling_and_one_length(Window window, string label, int seconds)
    {
        Assert.Equal(label, window.Label());
        Assert.Equal(TimeSpan.FromSeconds(seconds), window.Length());
        Assert.True(TrailingWindows.TryParse(label, out var parsed));
        Assert.Equal(window, parsed);
        Assert.Contains(window, TrailingWindows.All.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1M")]
    [InlineData(" 1m")]
    [InlineData("60s")]
    [InlineData("2h")]
    public void Any_other_spelling_is_refused(string text) => Assert.False(TrailingWindows.TryParse(text, out _));

    [Fact]
    public void A_number_that_is_no_window_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Window)4).Length());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Window)(-1)).Label());
    }

    [Fact]
    public void A_slice_always_closes_into_exactly_one_slice_of_the_next_level()
    {
        var levels = WindowLevel.All.ToArray();
        Assert.Equal(TrailingWindows.All.Length, levels.Length);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.Equal(0, pair.Second.Slice.Ticks % pair.First.Slice.Ticks));
    }
}
