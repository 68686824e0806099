using System.Globalization;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Probe;
using Relay.Load.Servers;

namespace Relay.Load.Soak;

/// <summary>Collects one row per look at a running server.</summary>
internal sealed class SoakWatch(Contender server, Book plain, Book stream)
{
    private readonly MarkdownTable _table = new(
        "time", "right", "plain p99 ms", "stream p99 ms", "first token p99 ms", "resident MB", "heap MB", "gen 0/1/2", "GC pause ms", "handles", "threads", "CPU %", "errors");

    private readonly Dictionary<string, long> _errors = [];
    private readonly long _start = Clock.Now;
    private long _last = Clock.Now;
    private long _lastCpu = server.Tree!.CpuMicros;
    private GcFigures _lastGc;

    /// <summary>Right answers so far.</summary>
    public long Right { get; private set; }

    /// <summary>Takes a row; returns it as a line.</summary>
    public string Look()
    {
        var (now, cpu, gc) = (Clock.Now, server.Tree!.CpuMicros, server.Gc ?? default);
        var seconds = Clock.Seconds(_last, now);
        var (plainNow, streamNow) = (plain.Drain(seconds), stream.Drain(seconds));
        Right += plainNow.Count + streamNow.Count;
        foreach (var (reason, count) in plainNow.Errors.Concat(streamNow.Errors))
        {
            _errors[reason] = _errors.GetValueOrDefault(reason) + count;
        }

        string[] row =
        [
            TimeSpan.FromSeconds(Clock.Seconds(_start, now)).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
            Figures.Number(plainNow.Count + streamNow.Count),
            Figures.Ms(plainNow.Latency.Quantile(0.99)),
            Figures.Ms(streamNow.Latency.Quantile(0.99)),
            Figures.Ms(streamNow.FirstToken.Quantile(0.99)),
            Figures.Mb(server.Tree.ResidentKb),
            Figures.Mb(gc.HeapBytes / 1024.0),
            $"{gc.Gen0 - _lastGc.Gen0}/{gc.Gen1 - _lastGc.Gen1}/{gc.Gen2 - _lastGc.Gen2}",
            Figures.Number((gc.PauseMicros - _lastGc.PauseMicros) / 1000.0, 1),
            Figures.Number(server.Tree.Handles),
            Figures.Number(server.Tree.Threads),
            Figures.Number((cpu - _lastCpu) / seconds / 10_000),
            Figures.Number(plainNow.ErrorCount + streamNow.ErrorCount),
        ];
        (_last, _lastCpu, _lastGc) = (now, cpu, gc);
        _table.Add(row);
        return string.Join("  ", row);
    }

    /// <summary>The table and the sum of the errors.</summary>
    public string Text() => $"{_table}\nRight answers: {Figures.Number(Right)}. Errors: {Figures.Errors(_errors)}.";
}
