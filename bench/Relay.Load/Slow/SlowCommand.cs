using System.Globalization;
using Relay.Exam.Rig;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Http;
using Relay.Simulator;

namespace Relay.Load.Slow;

/// <summary>
/// <c>slow</c>: a primary that becomes several times slower under load, without an error, with default settings and true timings. What
/// share of the new requests goes to the backup, second by second, and when all are back.
/// </summary>
internal static class SlowCommand
{
    private static readonly TimeSpan Learning = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(60);

    /// <summary>What the reference allows for noticing.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(5);

    /// <summary>First tokens of 300 ms with a usual spread, then a token each 15 ms.</summary>
    private static readonly LatencyOptions Pace = new(Distribution.LogNormal(300, 0.4), Distribution.LogNormal(15, 0.3));

    /// <summary>Runs, prints the table, and tells by the exit code whether 95 % were moved and all came back.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var rate = arguments.Number("rate", 50);
        var factor = arguments.Number("factor", 4);
        var slowFor = arguments.Seconds("seconds", 60);
        await using var rig = await ExamRig.StartAsync(new ExamSettings { Pace = Pace });
        var work = new Workload
        {
            Endpoint = RequestText.Endpoint(rig.Url),
            Requests = [RequestText.Post(rig.Url, [], RequestText.Chat(ExamConfig.Model, stream: true))],
            Stream = true,
            Deltas = ExamRig.Words,
        };
        var began = rig.Primary.Log.Now;
        var fallbackAhead = rig.Fallback.Log.Now - began;
        var load = OpenLoop.RunAsync(work, rate, connections: 2_000, Learning + slowFor + After, stop);
        await Wait.ForAsync(Learning, stop);
        rig.Primary.Faults.Add("*", string.Create(CultureInfo.InvariantCulture, $"slow={factor}"));
        var slowFrom = rig.Primary.Log.Now - began;
        await Wait.ForAsync(slowFor, stop);
        rig.Primary.Faults.Clear();
        var slowTo = rig.Primary.Log.Now - began;
        var result = await load;
        var story = new SlowStory(
            [.. rig.Primary.Log.Entries.Select(e => e.ArrivedAt - began)], [.. rig.Fallback.Log.Entries.Select(e => e.ArrivedAt - began - fallbackAhead)], slowFrom, slowTo);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{rate:0.#} streams/s, the primary {factor:0.#} times slower for {slowFor.TotalSeconds:0} s, default settings; {result.Latency.Count:N0} answers, {Errors(result)}.\n\n{story.Table(Notice)}");
        await Report.WriteAsync(text, arguments.Text("out"), stop);
        return result.ErrorCount == 0 && story.Moved(Notice) >= 0.95 && story.BackAfter is not null ? 0 : 1;
    }

    private static string Errors(LoadResult result) => result.ErrorCount == 0 ? "no errors" : Figures.Errors(result.Errors);
}
