using System.Globalization;
using Relay.Exam;
using Relay.Load.Cli;

namespace Relay.Load.Faults;

/// <summary>One run of the exam as a table, with what is wrong below it.</summary>
internal static class Scorecard
{
    /// <summary>The text.</summary>
    public static string Text(IReadOnlyList<ExamResult> results)
    {
        var table = new MarkdownTable("", "fault at the primary", "what was seen", "result", "seconds") { TextColumns = 4 };
        foreach (var result in results)
        {
            table.Add(
                result.Row.Id,
                result.Row.Fault,
                result.Seen,
                result.Passed ? "pass" : "**fail**",
                result.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        }

        var wrong = results.SelectMany(result => result.Findings.All.Select(finding => $"- {result.Row.Id}: {finding}\n"));
        return string.Create(CultureInfo.InvariantCulture, $"{table}\n{string.Concat(wrong)}**{results.Count(r => r.Passed)} of {results.Count}**\n");
    }
}
