using BenchmarkDotNet.Attributes;
using Relay.Core.Latency;

namespace Relay.Benchmarks;

/// <summary>Recording one latency.</summary>
[MemoryDiagnoser]
public class HistogramBenchmarks
{
    private readonly HistogramBuffer _buffer = new();
    private readonly HistogramBuffer _filled = new();
    private long _micros = 1;

    [GlobalSetup]
    public void Fill()
    {
        for (var micros = 1; micros < 1_000_000; micros += 97)
        {
            _filled.Record(micros);
        }
    }

    [Benchmark]
    public void Record()
    {
        // Spread over the buckets as latencies are, without the cost of a random number.
        _micros = ((_micros * 6364136223846793005L) + 1442695040888963407L) & 0xFFFFF;
        _buffer.Record(_micros);
    }

    [Benchmark]
    public HistogramSnapshot Snapshot() => _filled.ToSnapshot();
}
