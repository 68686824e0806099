using BenchmarkDotNet.Attributes;
using Relay.Core.Breaker;

namespace Relay.Benchmarks;

/// <summary>What a breaker costs a request that succeeds.</summary>
[MemoryDiagnoser]
public class BreakerBenchmarks
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly CircuitBreaker _breaker = new(BreakerOptions.Default);
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Benchmark]
    public bool EnterAndRecord()
    {
        _now += TimeSpan.FromMicroseconds(100);
        var entry = _breaker.TryEnter(_now, Lease, 0.5);
        _breaker.Record(Verdict.Success, entry.Lease, _now, 0.5);
        return entry.Allowed;
    }
}
