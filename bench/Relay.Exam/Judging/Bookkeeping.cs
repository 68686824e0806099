using System.Globalization;
using Relay.Core.Errors;
using Relay.Exam.Observing;
using Relay.Exam.Rig;
using Relay.Gateway.Recording;

namespace Relay.Exam.Judging;

/// <summary>What the gateway says of itself against what the providers saw: attempts, and who pays for them.</summary>
internal static class Bookkeeping
{
    /// <summary>One record for each answer, and every attempt that arrived is in one.</summary>
    public static void Judge(Sitting sitting, Findings findings)
    {
        findings.Same(sitting.Answers.Count, sitting.Records.Count, "records");
        findings.Same(sitting.Primary.Count + sitting.Fallback.Count, sitting.Records.Sum(r => r.Attempts.Count), "recorded attempts");
        foreach (var answer in sitting.Answers)
        {
            findings.Must(RecordOf(sitting, answer) is not null, $"no record has the id {answer.Header("x-relay-request-id")}");
        }
    }

    /// <summary>The header of an answer that was not rescued counts all its attempts; a rescued one's counts those before its first token.</summary>
    public static void JudgeHeader(StreamedAnswer answer, int attempts, Findings findings) =>
        findings.Same(attempts.ToString(CultureInfo.InvariantCulture), answer.Header("x-relay-attempts"), "x-relay-attempts");

    /// <summary>The client pays for the answer that it got and for nothing else.</summary>
    public static void JudgeBill(Sitting sitting, Side failed, Findings findings)
    {
        if (RecordOf(sitting, sitting.Answer) is not { } record || sitting.Answer.Usages is not [var usage])
        {
            findings.Must(false, "there is no record or no usage to bill by");
            return;
        }

        var answered = record.Attempts.Where(a => a.Error == ErrorKind.None).ToArray();
        findings.Must(answered is [{ Cost: { } cost }] && cost == record.Cost, $"cost: {record.Cost} instead of what the one whole attempt cost");
        findings.Same(usage.GetProperty("total_tokens").GetInt64(), record.Usage?.Total ?? 0, "billed tokens");
        foreach (var attempt in record.Attempts.Where(a => a.Target == failed.Target))
        {
            findings.Must(attempt.Error != ErrorKind.None && !attempt.Billed && attempt.Usage is null && attempt.Cost is null, $"a failed attempt at {failed.Name} has {attempt.Usage?.Total} tokens and costs {attempt.Cost}");
        }

        findings.Same(0d, sitting.Metric("llm_tokens_consumed_total", failed.Target), $"tokens of {failed.Name} in the metrics");
        findings.Same(0d, sitting.Metric("llm_request_cost_usd_total", failed.Target), $"cost of {failed.Name} in the metrics");
    }

    /// <summary>The record of an answer, or null.</summary>
    public static RequestRecord? RecordOf(Sitting sitting, StreamedAnswer answer) =>
        sitting.Records.FirstOrDefault(r => r.RequestId == answer.Header("x-relay-request-id"));
}
