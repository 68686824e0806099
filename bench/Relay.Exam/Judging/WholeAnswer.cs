using System.Globalization;
using System.Text.Json;
using Relay.Exam.Observing;
using Relay.Exam.Rig;

namespace Relay.Exam.Judging;

/// <summary>What a client must see when nothing went wrong, or when it must not see what did.</summary>
internal static class WholeAnswer
{
    /// <summary>The whole, exact answer in one proper stream, begun by one side.</summary>
    /// <param name="answer">What was seen.</param>
    /// <param name="expected">The exact text.</param>
    /// <param name="begunBy">Who sent the first token: its model and target are what the client is told.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static void Judge(StreamedAnswer answer, string expected, Side begunBy, Findings findings)
    {
        findings.Same(200, answer.Status, "status");
        if (answer.Status != 200)
        {
            findings.Must(false, "body: " + answer.Body.Trim());
            return;
        }

        findings.Must(answer.Broke is null, $"the connection broke: {answer.Broke}");
        findings.Must(answer.Errors.Count == 0, $"an error event: {string.Join(", ", answer.Errors)}");
        findings.Same(0, answer.UnreadableEvents, "unreadable events");
        findings.Must(answer.Text == expected, Difference(answer.Text, expected));
        findings.Same(1, answer.Roles, "roles");
        findings.Same("stop", string.Join(", ", answer.FinishReasons), "finish_reason");
        findings.Same(1, answer.Dones, "[DONE]");
        findings.Same(0, answer.EventsAfterDone, "events after [DONE]");
        findings.Must(answer.Ids is [{ Length: > 0 }], $"ids: {string.Join(", ", answer.Ids)}");
        findings.Must(answer.Created is [{ Length: > 0 }], $"times of creation: {string.Join(", ", answer.Created)}");
        findings.Same(begunBy.UpstreamModel, string.Join(", ", answer.Models), "model");
        JudgeUsage(answer, findings);
        JudgeHeaders(answer, begunBy, findings);
    }

    private static void JudgeUsage(StreamedAnswer answer, Findings findings)
    {
        findings.Same(1, answer.Usages.Count, "usages");
        if (answer.Usages is not [var usage])
        {
            return;
        }

        var (prompt, completion, total) = (Tokens(usage, "prompt_tokens"), Tokens(usage, "completion_tokens"), Tokens(usage, "total_tokens"));
        findings.Must(prompt > 0 && completion > 0 && total == prompt + completion, $"usage: {usage.GetRawText()}");

        // It comes last, on a chunk of its own, as OpenAI's does.
        var last = answer.LastChunk!.Value;
        findings.Must(last.GetProperty("choices").GetArrayLength() == 0 && last.TryGetProperty("usage", out var own) && own.ValueKind == JsonValueKind.Object, "usage is not on the last chunk");
    }

    private static void JudgeHeaders(StreamedAnswer answer, Side begunBy, Findings findings)
    {
        findings.Must(answer.Header("content-type")?.StartsWith("text/event-stream", StringComparison.Ordinal) == true, $"content-type: {answer.Header("content-type")}");
        findings.Must(answer.Header("x-relay-request-id") is { Length: > 0 }, "there is no x-relay-request-id");
        findings.Same(begunBy.Target, answer.Target, "x-relay-target");
    }

    private static long Tokens(JsonElement usage, string name) => usage.TryGetProperty(name, out var value) && value.TryGetInt64(out var tokens) ? tokens : -1;

    private static string Difference(string seen, string expected)
    {
        var same = 0;
        while (same < seen.Length && same < expected.Length && seen[same] == expected[same])
        {
            same++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"the text differs from character {same} on: {seen.Length} instead of {expected.Length}, '{seen[same..Math.Min(seen.Length, same + 40)]}' instead of '{expected[same..Math.Min(expected.Length, same + 40)]}'");
    }
}
