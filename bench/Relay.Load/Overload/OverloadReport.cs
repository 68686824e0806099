using System.Globalization;
using Relay.Core.Latency;
using Relay.Load.Cli;

namespace Relay.Load.Overload;

/// <summary>The tables of <see cref="OverloadCommand"/>.</summary>
internal sealed class OverloadReport(Phase[] phases, Sent[] sent, RelayCounts counted)
{
    private const int ShownSlices = 10;

    private readonly Sent[] _before = [.. sent.Where(phases[0].Has)];
    private readonly Sent[] _after = [.. sent.Where(phases[2].Has)];

    /// <summary>Requests without a right answer.</summary>
    public int Lost => sent.Count(r => r.Outcome is Outcome.Lost or Outcome.ShedWithoutRetryAfter);

    /// <summary>Relay counted what the driver saw.</summary>
    public bool Agrees => counted == new RelayCounts(Count(Outcome.Served), 0, Count(Outcome.Shed));

    /// <summary>From the end of the overload until all is as before; null for never.</summary>
    public TimeSpan? Recovered => Recovery.Of(_before, _after, EndMicros);

    private long EndMicros => (long)phases[2].From.TotalMicroseconds;

    /// <summary>All of it as text.</summary>
    public string Text()
    {
        var table = new MarkdownTable("phase", "requests/s", "requests", "served", "served p50 ms", "p99 ms", "shed (503, Retry-After)", "shed p50 ms", "p99 ms", "lost");
        foreach (var phase in phases)
        {
            AddPhase(table, phase);
        }

        var lastShed = _after.Where(r => r.Outcome != Outcome.Served).Select(r => (r.AtMicros - EndMicros) / 1000).DefaultIfEmpty(-1).Max();
        var recovered = Recovered is { } span ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms") : "never";
        return string.Create(CultureInfo.InvariantCulture, $"""
            {table}
            After the overload the first slice of 100 ms that is as before (each of its requests served, p90 not over the worst slice before, {Recovery.InARow} in a row) begins after {recovered}; the last request that was shed came {(lastShed < 0 ? "before its end" : $"{lastShed} ms after its end")}.
            Relay's own counters: {counted.Served:N0} served, {counted.Failed:N0} failed, {counted.Shed:N0} shed; {(Agrees ? "the driver saw the same" : $"the driver saw {Count(Outcome.Served):N0} served and {Count(Outcome.Shed):N0} shed")}.

            {Slices()}
            """);
    }

    private void AddPhase(MarkdownTable table, Phase phase)
    {
        var all = sent.Where(phase.Has).ToArray();
        var (served, shed) = (Times(all, Outcome.Served), Times(all, Outcome.Shed));
        table.Add(
            phase.Name,
            Figures.Number(phase.PerSecond),
            Figures.Number(all.Length),
            Figures.Number(served.Count),
            Figures.Ms(served.Quantile(0.5)),
            Figures.Ms(served.Quantile(0.99)),
            Figures.Number(shed.Count),
            Figures.Ms(shed.Quantile(0.5)),
            Figures.Ms(shed.Quantile(0.99)),
            Figures.Number(all.Length - served.Count - shed.Count));
    }

    private MarkdownTable Slices()
    {
        var table = new MarkdownTable("after the overload, ms", "requests", "shed", "p50 ms", "p90 ms", "slowest ms");
        foreach (var slice in Recovery.Slices(_after, EndMicros).Take(ShownSlices))
        {
            var served = Times(slice, Outcome.Served);
            table.Add(
                string.Create(CultureInfo.InvariantCulture, $"{slice.Key * 100} to {(slice.Key + 1) * 100}"),
                Figures.Number(slice.Count()),
                Figures.Number(slice.Count() - served.Count),
                Figures.Ms(served.Quantile(0.5)),
                Figures.Ms(Recovery.P90(slice)),
                Figures.Ms(served.IsEmpty ? null : served.MaxMicros));
        }

        table.Add("before the overload, worst", "", "", "", Figures.Ms(Recovery.WorstP90(_before)), "");
        return table;
    }

    private long Count(Outcome outcome) => sent.Count(r => r.Outcome == outcome);

    private static HistogramSnapshot Times(IEnumerable<Sent> requests, Outcome outcome)
    {
        var times = new HistogramBuffer();
        foreach (var request in requests.Where(r => r.Outcome == outcome))
        {
            times.Record(request.Micros);
        }

        return times.Drain();
    }
}
