using System.Globalization;
using Relay.Exam.Judging;
using Relay.Exam.Observing;
using Relay.Exam.Rig;

namespace Relay.Exam.Rows;

/// <summary>F15: an outage, seen by many requests.</summary>
internal static class OutageRow
{
    private const int MaxWasted = 12;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slip = TimeSpan.FromSeconds(1);

    /// <summary>F15.</summary>
    public static Row Row { get; } = new("F15", "503 for 60 s, then healthy; 20 requests, one every 4 s")
    {
        Primary = ["status=503,window=60s"],
        Requests = 20,
        Every = TimeSpan.FromSeconds(4),
        Tell = Tell,
        Judge = Judge,
    };

    private static string Tell(Sitting sitting)
    {
        var served = sitting.Answers.Count(answer => answer.Text == sitting.Expected);
        var back = Back(sitting) is { } first ? string.Create(CultureInfo.InvariantCulture, $"back {(first.SentAt - Outage).TotalSeconds:0} s after healing") : "not back";
        return $"{served} of {sitting.Answers.Count} served whole, {Wasted(sitting)} attempts wasted, {back}";
    }

    private static void Judge(Sitting sitting, Findings findings)
    {
        for (var i = 0; i < sitting.Answers.Count; i++)
        {
            var own = new Findings();
            var answer = sitting.Answers[i];
            WholeAnswer.Judge(answer, sitting.Expected, answer.Target == Side.Primary.Target ? Side.Primary : Side.Fallback, own);
            own.Must(answer.SentAt - (Row.Every * i) < Slip, $"sent {answer.SentAt.TotalSeconds:0.0} s after the start: the schedule slipped");
            findings.Must(own.All.Count == 0, $"request {i + 1}: {string.Join("; ", own.All)}");
        }

        findings.Must(Wasted(sitting) <= MaxWasted, $"{Wasted(sitting)} attempts were wasted");
        findings.Must(Back(sitting) is { } first && first.SentAt <= Outage + BackWithin, "the primary was not back within 30 s of healing");
        findings.Must(sitting.Answers.Where(a => a.SentAt < Outage - Slip).All(a => a.Target == Side.Fallback.Target), "the primary answered within its outage");
    }

    private static int Wasted(Sitting sitting) => sitting.Primary.Count(request => request.Status == 503);

    /// <summary>The first of the requests from which on the primary answers them all; null when it does not answer the last one.</summary>
    private static StreamedAnswer? Back(Sitting sitting) =>
        sitting.Answers.Reverse().TakeWhile(answer => answer.Target == Side.Primary.Target).LastOrDefault();
}
