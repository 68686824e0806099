using Relay.Exam.Rig;

namespace Relay.Exam.Rows;

/// <summary>The primary breaks or falls silent before its first token.</summary>
internal static class SilentRows
{
    /// <summary>F05.</summary>
    public static Row ResetOnce { get; } = new("F05", "connection reset before headers, once")
    {
        Primary = ["reset,times=1"],
        Judge = Row.Answered(2..2, fallback: 0, Side.Primary),
    };

    /// <summary>F06.</summary>
    public static Row Silent { get; } = new("F06", "accepts and stays silent 120 s")
    {
        Primary = ["silence=120s"],
        Within = TimeSpan.FromSeconds(35),
        Judge = Row.Answered(1..1, fallback: 1, Side.Fallback),
    };

    /// <summary>F07.</summary>
    public static Row SlowFirstToken { get; } = new("F07", "headers at once, first token after 20 s")
    {
        Primary = ["headers-then-silence=20s"],
        Within = TimeSpan.FromSeconds(15),
        Judge = Row.Answered(1..1, fallback: 1, Side.Fallback),
    };
}
