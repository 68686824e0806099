using System.Globalization;
using Relay.Exam;
using Relay.Exam.Rig;
using Relay.Exam.Rows;
using Relay.Load.Cli;
using Relay.Simulator;

namespace Relay.Load.Faults;

/// <summary>
/// <c>faults</c>: the fault exam with default settings and true timings. All rows at once, each with a gateway and two simulators of its own,
/// so that the longest row is the run: about 80 s.
/// </summary>
internal static class FaultsCommand
{
    /// <summary>A provider that takes a moment for its first token and then sends word by word.</summary>
    private static readonly LatencyOptions Pace = LatencyOptions.Of(firstTokenMs: 50, perTokenMs: 5);

    /// <summary>Sits the exam, prints the scorecard, and tells by the exit code whether all passed.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var rows = Chosen(arguments.Text("only"));
        var settings = new ExamSettings { Pace = Pace, Primary = Dialect(arguments, "primary"), Fallback = Dialect(arguments, "fallback") };
        if (ExamConfig.Problem(settings) is { } problem)
        {
            throw new UsageException(problem);
        }

        var runs = Math.Max(1, arguments.Whole("runs", 1));
        var report = new List<string>();
        var allPassed = true;
        for (var run = 1; run <= runs; run++)
        {
            var results = await SitAsync(rows, settings, stop);
            allPassed &= results.All(result => result.Passed);
            report.Add(string.Create(CultureInfo.InvariantCulture, $"### Run {run}\n\n{Scorecard.Text(results)}"));
        }

        await Report.WriteAsync(string.Join('\n', report), arguments.Text("out"), stop);
        return allPassed ? 0 : 1;
    }

    /// <summary>The rows that <c>--only</c> names; all without it.</summary>
    internal static IReadOnlyList<Row> Chosen(string? only)
    {
        var ids = only?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var unknown = ids.Where(id => FaultExam.Rows.All(row => row.Id != id)).ToArray();
        return unknown.Length > 0 ? throw new UsageException($"--only: there is no row {string.Join(", ", unknown)}; there are {FaultExam.Rows[0].Id} to {FaultExam.Rows[^1].Id}.")
            : ids.Length == 0 ? FaultExam.Rows
            : [.. FaultExam.Rows.Where(row => ids.Contains(row.Id))];
    }

    private static ExamDialect Dialect(Arguments arguments, string side)
    {
        var name = arguments.Text(side) ?? ExamDialect.OpenAi.Name;
        return ExamDialect.All.FirstOrDefault(dialect => dialect.Name == name)
            ?? throw new UsageException($"--{side}: there is no dialect '{name}'; there are {string.Join(", ", ExamDialect.All.Select(d => d.Name))}.");
    }

    private static async Task<IReadOnlyList<ExamResult>> SitAsync(IReadOnlyList<Row> rows, ExamSettings settings, CancellationToken stop) =>
        await Task.WhenAll(rows.Select(row => Task.Run(() => SitAsync(row, settings, stop), stop)));

    private static async Task<ExamResult> SitAsync(Row row, ExamSettings settings, CancellationToken stop)
    {
        var result = await FaultExam.SitAsync(row, settings, stop);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{row.Id} {(result.Passed ? "pass" : "FAIL")} {result.Took.TotalSeconds:0.0} s  {result.Seen}"));
        return result;
    }
}
