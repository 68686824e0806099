using System.Text.Json;
using Relay.Exam.Judging;
using Relay.Exam.Observing;
using Relay.Exam.Rig;
using Relay.Exam.Rows;

namespace Relay.Exam;

/// <summary>
/// The fault exam: sixteen faults of a primary with one fallback, and what a client must see of each. Tests sit it with short limits, the
/// load driver (<c>faults</c>) with the defaults.
/// </summary>
internal static class FaultExam
{
    /// <summary>How long any answer may take; longer than the gateway's own total limit would be a hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>All rows in order.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        RefusedRows.RateLimitedOnce, RefusedRows.RateLimitedForEver, RefusedRows.ErrorOnce, RefusedRows.OverloadedForEver,
        SilentRows.ResetOnce, SilentRows.Silent, SilentRows.SlowFirstToken, StreamRows.Truncated,
        StreamRows.Stalled, StreamRows.BrokenEvent, StreamRows.NoEndMark, RefusedRows.ContextTooLong,
        RefusedRows.ContentPolicy, StreamRows.TruncatedWithoutPrefill, OutageRow.Row, RefusedRows.Billed,
    ];

    /// <summary>A row by its number.</summary>
    public static Row Find(string id) => Rows.Single(row => row.Id == id);

    /// <summary>Sits a row on a rig of its own.</summary>
    public static async Task<ExamResult> SitAsync(Row row, ExamSettings settings, CancellationToken stop = default)
    {
        await using var rig = await ExamRig.StartAsync(settings);
        foreach (var (book, faults) in new[] { (rig.Primary.Faults, row.Primary), (rig.Fallback.Faults, row.Fallback) })
        {
            foreach (var fault in faults)
            {
                book.Add("*", fault);
            }
        }

        var started = settings.Time.GetTimestamp();
        var answers = new List<StreamedAnswer>();
        for (var i = 0; i < row.Requests; i++)
        {
            await PauseAsync(settings, (row.Every * i) - settings.Time.GetElapsedTime(started), stop);
            answers.Add(await AskAsync(rig, rig.Url, row, settings.Time, started, stop));
        }

        var sitting = new Sitting(rig.Expected(Question(row)), answers, rig.Primary.Log.Entries, rig.Fallback.Log.Entries, rig.Records.All, rig.Scrape(), Direct: null);
        if (row.AsksDirectly && settings.Primary.IsTheClients)
        {
            sitting = sitting with { Direct = await AskAsync(rig, rig.PrimaryUrl, row, settings.Time, started, stop) };
        }

        return new(row, sitting, Judge(row, sitting, settings.Within ?? row.Within), settings.Time.GetElapsedTime(started));
    }

    private static Findings Judge(Row row, Sitting sitting, TimeSpan within)
    {
        var findings = new Findings();
        row.Judge(sitting, findings);
        Bookkeeping.Judge(sitting, findings);
        foreach (var answer in sitting.Answers)
        {
            findings.Must(answer.Took < within, $"it took {answer.Took.TotalSeconds:0.0} s instead of at most {within.TotalSeconds:0.#}");
        }

        return findings;
    }

    private static async Task PauseAsync(ExamSettings settings, TimeSpan span, CancellationToken stop)
    {
        if (span > TimeSpan.Zero)
        {
            await (settings.Pause?.Invoke(span) ?? Task.Delay(span, settings.Time, stop));
        }
    }

    /// <summary>One request and all that came of it; an exam that waits for ever would show nothing.</summary>
    private static async Task<StreamedAnswer> AskAsync(ExamRig rig, Uri url, Row row, TimeProvider time, long started, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        var sent = time.GetTimestamp();
        StreamedAnswer answer;
        try
        {
            using var response = await rig.AskAsync(url, Body(row), either.Token);
            answer = await AnswerReader.ReadAsync(response, either.Token);
        }
        catch (HttpRequestException e)
        {
            answer = new() { Broke = e.Message };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            answer = new() { Broke = $"no end after {Patience.TotalSeconds} s" };
        }

        return answer with { SentAt = time.GetElapsedTime(started, sent), Took = time.GetElapsedTime(sent) };
    }

    private static string Question(Row row) => $"What does a client see of fault {row.Id}?";

    private static string Body(Row row) =>
        $$"""{"model":"{{ExamConfig.Model}}","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"You answer in one paragraph."},{"role":"user","content":{{JsonSerializer.Serialize(Question(row))}}}]}""";
}

/// <summary>How one row went.</summary>
/// <param name="Row">The row.</param>
/// <param name="Sitting">What was seen.</param>
/// <param name="Findings">What is wrong with it.</param>
/// <param name="Took">From the first request to the last byte.</param>
internal sealed record ExamResult(Row Row, Sitting Sitting, Findings Findings, TimeSpan Took)
{
    /// <summary>What was seen, in one line.</summary>
    public string Seen => Row.Tell(Sitting);

    /// <summary>Nothing is wrong.</summary>
    public bool Passed => Findings.All.Count == 0;
}
