using Relay.Core.Errors;
using Relay.Exam.Judging;
using Relay.Exam.Rig;

namespace Relay.Exam.Rows;

/// <summary>The primary's stream goes wrong after its first token.</summary>
internal static class StreamRows
{
    /// <summary>F08.</summary>
    public static Row Truncated { get; } = new("F08", "stream ends after 40 of 60 words without finish_reason, on every attempt")
    {
        Primary = ["cut-after=40,end=clean"],
        Judge = Row.Rescued(ErrorKind.Truncated, fallback: 1),
    };

    /// <summary>F09.</summary>
    public static Row Stalled { get; } = new("F09", "stalls after 20 words for 30 s, then ends")
    {
        Primary = ["stall-after=20,for=30s,end=clean"],
        Within = TimeSpan.FromSeconds(45),
        Judge = Row.Rescued(ErrorKind.IdleTimeout, fallback: 1),
    };

    /// <summary>F10.</summary>
    public static Row BrokenEvent { get; } = new("F10", "one extra event with broken JSON")
    {
        Primary = ["malformed-event-after=10"],
        Judge = Row.Answered(1..1, fallback: 0, Side.Primary, (sitting, findings) =>
        {
            findings.Same(1, Bookkeeping.RecordOf(sitting, sitting.Answer)?.Attempts.Sum(a => a.MalformedEvents), "malformed events in the record");
            findings.Same(1d, sitting.Metric("relay_malformed_events_total", Side.Primary.Target), "relay_malformed_events_total");
        }),
    };

    /// <summary>F11.</summary>
    public static Row NoEndMark { get; } = new("F11", "no [DONE], proper end of body after finish_reason")
    {
        Primary = ["no-done"],
        Within = TimeSpan.FromSeconds(8),
        Judge = Row.Answered(1..1, fallback: 0, Side.Primary),
    };

    /// <summary>F14.</summary>
    public static Row TruncatedWithoutPrefill { get; } = new("F14", "as F08, and the fallback answers 400 to a trailing assistant message")
    {
        Primary = ["cut-after=40,end=clean"],
        Fallback = ["no-prefill"],
        Judge = Row.Rescued(ErrorKind.Truncated, fallback: 2),
    };
}
