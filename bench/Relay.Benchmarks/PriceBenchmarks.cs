using BenchmarkDotNet.Attributes;
using Relay.Core.Cost;

namespace Relay.Benchmarks;

/// <summary>The cost of one request.</summary>
[MemoryDiagnoser]
public class PriceBenchmarks
{
    private static readonly PriceRates Rates = new() { Input = 2.0m, CachedInput = 0.5m, Output = 8.0m };
    private static readonly Usage Usage = Usage.FromOpenAi(1_200, 300, 0, 450, 128, 0);

    private readonly Price _price = new(Rates, new PriceTier(200_000, Rates));

    [Benchmark]
    public NanoUsd Cost() => _price.Cost(Usage);
}
