using Relay.Exam.Judging;
using Relay.Exam.Observing;
using Relay.Exam.Rig;

namespace Relay.Exam.Rows;

/// <summary>The primary answers with an error: some are worth a second try, some another target, and one is the client's own to see.</summary>
internal static class RefusedRows
{
    /// <summary>F01.</summary>
    public static Row RateLimitedOnce { get; } = new("F01", "429 with Retry-After: 2, once")
    {
        Primary = ["status=429,retry-after=2,times=1"],
        Judge = Row.Answered(2..2, fallback: 0, Side.Primary, (sitting, findings) =>
        {
            var second = sitting.PrimaryArrivals.ElementAtOrDefault(1);
            findings.Must(second >= TimeSpan.FromSeconds(1.8), $"the second attempt came after {second.TotalSeconds:0.00} s");
            findings.Must(Within(sitting, 1.5) <= 2, $"{Within(sitting, 1.5)} attempts in the first 1.5 s");
        }),
    };

    /// <summary>F02.</summary>
    public static Row RateLimitedForEver { get; } = new("F02", "429 for ever, no header")
    {
        Primary = ["status=429"],
        Judge = Row.Answered(1..6, fallback: 1, Side.Fallback, (sitting, findings) =>
            findings.Must(Within(sitting, 3) <= 4, $"{Within(sitting, 3)} attempts in the first 3 s")),
    };

    /// <summary>F03.</summary>
    public static Row ErrorOnce { get; } = new("F03", "500 once")
    {
        Primary = ["status=500,times=1"],
        Judge = Row.Answered(2..2, fallback: 0, Side.Primary),
    };

    /// <summary>F04.</summary>
    public static Row OverloadedForEver { get; } = new("F04", "503 for ever")
    {
        Primary = ["status=503"],
        Judge = Row.Answered(1..6, fallback: 1, Side.Fallback),
    };

    /// <summary>F12.</summary>
    public static Row ContextTooLong { get; } = new("F12", "400 context_length_exceeded")
    {
        Primary = ["status=400,code=context_length_exceeded"],
        Judge = Row.Answered(1..1, fallback: 1, Side.Fallback),
    };

    /// <summary>F13.</summary>
    public static Row ContentPolicy { get; } = new("F13", "400 content_policy_violation")
    {
        Primary = ["status=400,code=content_policy_violation"],
        AsksDirectly = true,
        Judge = (sitting, findings) =>
        {
            findings.Same((1, 0), (sitting.Primary.Count, sitting.Fallback.Count), "attempts at primary and fallback");
            findings.Same(400, sitting.Answer.Status, "status");
            findings.Same("false", sitting.Answer.Header("x-should-retry"), "x-should-retry");
            Bookkeeping.JudgeHeader(sitting.Answer, 1, findings);
            JudgePolicyError(sitting.Answer, sitting.Direct, findings);
        },
    };

    /// <summary>F16.</summary>
    public static Row Billed { get; } = new("F16", "503 for ever: who is billed")
    {
        Primary = ["status=503"],
        Judge = Row.Answered(1..6, fallback: 1, Side.Fallback, (sitting, findings) => Bookkeeping.JudgeBill(sitting, Side.Primary, findings)),
    };

    /// <summary>Byte for byte what the provider says; where it speaks otherwise than the client, the same error in the client's form.</summary>
    private static void JudgePolicyError(StreamedAnswer seen, StreamedAnswer? direct, Findings findings)
    {
        if (direct is not null)
        {
            findings.Same(direct.Body, seen.Body, "body");
            findings.Same(direct.Header("content-type"), seen.Header("content-type"), "content-type");
        }

        findings.Same("content_policy_violation", seen.ErrorCode, "the error's code");
    }

    private static int Within(Sitting sitting, double seconds) => sitting.PrimaryArrivals.Count(at => at.TotalSeconds <= seconds);
}
