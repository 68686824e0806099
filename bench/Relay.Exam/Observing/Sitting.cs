using System.Globalization;
using Relay.Exam.Rig;
using Relay.Gateway.Recording;
using Relay.Simulator;

namespace Relay.Exam.Observing;

/// <summary>All that was seen of one row: by the clients, by the two providers, and by the gateway's own records.</summary>
/// <param name="Expected">The text that each whole answer must have.</param>
/// <param name="Answers">What the clients saw, in the order of their requests.</param>
/// <param name="Primary">The requests that arrived at the primary.</param>
/// <param name="Fallback">The requests that arrived at the fallback.</param>
/// <param name="Records">What the gateway recorded.</param>
/// <param name="Metrics">What /metrics said in the end.</param>
/// <param name="Direct">What the primary says to a client that asks it without Relay; null where the row does not need it or the primary does not speak as clients do.</param>
internal sealed record Sitting(
    string Expected,
    IReadOnlyList<StreamedAnswer> Answers,
    IReadOnlyList<LoggedRequest> Primary,
    IReadOnlyList<LoggedRequest> Fallback,
    IReadOnlyList<RequestRecord> Records,
    string Metrics,
    StreamedAnswer? Direct)
{
    /// <summary>The answer of a row with one request.</summary>
    public StreamedAnswer Answer => Answers[0];

    /// <summary>When each request arrived at the primary, since the first one.</summary>
    public IReadOnlyList<TimeSpan> PrimaryArrivals => [.. Primary.Select(r => r.ArrivedAt - Primary[0].ArrivedAt)];

    /// <summary>The value of a metric, 0 where it is not shown.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">The target in its labels.</param>
    public double Metric(string name, string target) => Metrics.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains($"target=\"{target}\"", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>One line for the scorecard: the attempts, and what came of the first request.</summary>
    public override string ToString() => $"{Attempts(Side.Primary, Primary)}, {Attempts(Side.Fallback, Fallback)}; {Text(Answer)}";

    private static string Attempts(Side side, IReadOnlyList<LoggedRequest> log)
    {
        var times = log.Count is > 1 and < 8
            ? " at " + string.Join(", ", log.Select(r => (r.ArrivedAt - log[0].ArrivedAt).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture))) + " s"
            : "";
        return $"{log.Count}× {side.Name}{times}";
    }

    private string Text(StreamedAnswer answer) =>
        answer.Status != 200 ? $"status {answer.Status}"
        : answer.Text == Expected ? $"whole, from {string.Join('+', answer.Models)}"
        : $"{answer.Text.Length} of {Expected.Length} characters, {(answer.Errors.Count > 0 ? "told" : answer.Broke is null ? "not told" : "broken")}";
}
