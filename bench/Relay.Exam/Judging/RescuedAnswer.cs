using System.Text.Json;
using Relay.Core.Errors;
using Relay.Exam.Observing;
using Relay.Exam.Rig;

namespace Relay.Exam.Judging;

/// <summary>What must be told of a stream that broke at the primary and was carried on by the fallback: in its last chunk and in its record.</summary>
internal static class RescuedAnswer
{
    /// <summary>Judges both.</summary>
    /// <param name="sitting">What was seen.</param>
    /// <param name="error">How the primary's stream broke.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static void Judge(Sitting sitting, ErrorKind error, Findings findings)
    {
        var story = sitting.Answer.LastChunk is { } last && last.TryGetProperty("x_relay", out var told) ? told.GetRawText() : "nothing";
        findings.Must(IsTold(sitting, error), $"x_relay tells {story}");
        if (Bookkeeping.RecordOf(sitting, sitting.Answer) is not { Attempts: [var first, .., var rescue] } record)
        {
            findings.Must(false, "the record has no two attempts");
            return;
        }

        findings.Same((ErrorKind.None, Side.Fallback.Target), (record.Error, record.Target), "the record's error and target");
        findings.Must(first.Target == Side.Primary.Target && first.Error == error && first.Billed, $"the record's first attempt: {first.Target}, {first.Error}, billed {first.Billed}");
        findings.Must(rescue is { IsRescue: true, Billed: true, Error: ErrorKind.None }, $"the record's last attempt: {rescue.Error}, rescue {rescue.IsRescue}, billed {rescue.Billed}");
        findings.Same(sitting.Answer.Usages is [var usage] ? usage.GetProperty("total_tokens").GetInt64() : 0, record.Usage?.Total, "billed tokens");
    }

    private static bool IsTold(Sitting sitting, ErrorKind error)
    {
        if (sitting.Answer.LastChunk is not { } last || !last.TryGetProperty("x_relay", out var story) || !story.TryGetProperty("rescues", out var rescues) || rescues.GetArrayLength() != 1)
        {
            return false;
        }

        return Text(story, "request_id") == sitting.Answer.Header("x-relay-request-id")
            && Text(story, "target") == Side.Fallback.Target
            && story.TryGetProperty("attempts", out var attempts) && attempts.GetInt32() == sitting.Primary.Count + sitting.Fallback.Count
            && Text(rescues[0], "from") == Side.Primary.Target
            && Text(rescues[0], "to") == Side.Fallback.Target
            && Text(rescues[0], "error") == error.Label();
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
