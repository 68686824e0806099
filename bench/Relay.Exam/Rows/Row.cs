using Relay.Core.Errors;
using Relay.Exam.Judging;
using Relay.Exam.Observing;
using Relay.Exam.Rig;

namespace Relay.Exam.Rows;

/// <summary>One row of the exam: what goes wrong at the primary, and what must be seen.</summary>
/// <param name="Id">Its number, F01 to F16.</param>
/// <param name="Fault">What goes wrong, in words.</param>
internal sealed record Row(string Id, string Fault)
{
    /// <summary>Faults of the primary, in the simulator's words.</summary>
    public IReadOnlyList<string> Primary { get; init; } = [];

    /// <summary>Faults of the fallback.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    /// <summary>How many requests are sent, one after the other.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>The time between the starts of two requests.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>How long an answer may take; the exam's patience where the clock is not the point.</summary>
    public TimeSpan Within { get; init; } = FaultExam.Patience;

    /// <summary>The primary is asked without Relay too, to compare what it says, if it speaks as clients do.</summary>
    public bool AsksDirectly { get; init; }

    /// <summary>What the scorecard says of a sitting, where the number of attempts and the answer are not what counts.</summary>
    public Func<Sitting, string> Tell { get; init; } = sitting => sitting.ToString();

    /// <summary>Judges what was seen, beside what holds for every row.</summary>
    public required Action<Sitting, Findings> Judge { get; init; }

    /// <summary>Judges a row with one request whose answer must be whole.</summary>
    /// <param name="attempts">The fewest and the most attempts at the primary.</param>
    /// <param name="fallback">Attempts at the fallback.</param>
    /// <param name="by">Who answers.</param>
    /// <param name="more">What must hold besides.</param>
    public static Action<Sitting, Findings> Answered(Range attempts, int fallback, Side by, Action<Sitting, Findings>? more = null) => (sitting, findings) =>
    {
        WholeAnswer.Judge(sitting.Answer, sitting.Expected, by, findings);
        JudgeAttempts(sitting, attempts, fallback, findings);
        Bookkeeping.JudgeHeader(sitting.Answer, sitting.Primary.Count + sitting.Fallback.Count, findings);
        more?.Invoke(sitting, findings);
    };

    /// <summary>Judges a row whose stream breaks at the primary and is carried on by the fallback, unseen.</summary>
    /// <param name="error">How it breaks.</param>
    /// <param name="fallback">Attempts at the fallback.</param>
    public static Action<Sitting, Findings> Rescued(ErrorKind error, int fallback) => (sitting, findings) =>
    {
        WholeAnswer.Judge(sitting.Answer, sitting.Expected, Side.Primary, findings);
        JudgeAttempts(sitting, 1..1, fallback, findings);
        Bookkeeping.JudgeHeader(sitting.Answer, 1, findings);
        RescuedAnswer.Judge(sitting, error, findings);
    };

    private static void JudgeAttempts(Sitting sitting, Range attempts, int fallback, Findings findings)
    {
        var seen = sitting.Primary.Count;
        findings.Must(seen >= attempts.Start.Value && seen <= attempts.End.Value, $"{seen} attempts at the primary instead of {attempts}");
        findings.Same(fallback, sitting.Fallback.Count, "attempts at the fallback");
    }
}
