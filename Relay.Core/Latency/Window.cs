namespace Relay.Core.Latency;

/// <summary>A trailing span over which statistics are asked. The spans are fixed, so that memory is.</summary>
public enum Window
{
    /// <summary>The last minute, <c>1m</c>.</summary>
    OneMinute = 0,

    /// <summary>The last five minutes, <c>5m</c>.</summary>
    FiveMinutes = 1,

    /// <summary>The last hour, <c>1h</c>.</summary>
    OneHour = 2,

    /// <summary>The last 24 hours, <c>24h</c>.</summary>
    TwentyFourHours = 3,
}

/// <summary>Spelling and length of windows, the same in API parameters, config and labels.</summary>
public static class TrailingWindows
{
    /// <summary>Every window, shortest first.</summary>
    public static ReadOnlySpan<Window> All => [Window.OneMinute, Window.FiveMinutes, Window.OneHour, Window.TwentyFourHours];

    /// <summary>How long the window is.</summary>
    /// <param name="window">A defined window.</param>
    public static TimeSpan Length(this Window window) => WindowLevel.Of(window).Length;

    /// <summary>The window's spelling: <c>1m</c>, <c>5m</c>, <c>1h</c> or <c>24h</c>.</summary>
    /// <param name="window">A defined window.</param>
    public static string Label(this Window window) => window switch
    {
        Window.OneMinute => "1m",
        Window.FiveMinutes => "5m",
        Window.OneHour => "1h",
        Window.TwentyFourHours => "24h",
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "Not a window."),
    };

    /// <summary>Reads a window's spelling, exactly as <see cref="Label"/> writes it.</summary>
    /// <param name="text">The spelling.</param>
    /// <param name="window">The window, when true is returned.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Window window)
    {
        foreach (var candidate in All)
        {
            if (text.SequenceEqual(candidate.Label()))
            {
                window = candidate;
                return true;
            }
        }

        window = default;
        return false;
    }
}
