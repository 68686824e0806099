using Relay.Load.Driving;

namespace Relay.Load.Overhead;

/// <summary>One run of one server in one scenario.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Scenario">The scenario.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Load">What the driver saw.</param>
/// <param name="CpuMicros">Processor time of the server's processes per request; null without a process.</param>
/// <param name="ProviderCpuMicros">Processor time of the simulated provider per request.</param>
/// <param name="DriverCpuMicros">Processor time of this driver per request.</param>
/// <param name="AllocatedBytes">Bytes that it allocated per request; null when it does not tell.</param>
/// <param name="ResidentKb">Its resident memory after the run.</param>
internal sealed record Sample(
    string Server,
    Scenario Scenario,
    int Round,
    LoadResult Load,
    double? CpuMicros,
    double ProviderCpuMicros,
    double DriverCpuMicros,
    double? AllocatedBytes,
    long? ResidentKb)
{
    /// <summary>Latency in microseconds.</summary>
    public long? Latency(double q) => Load.Latency.Quantile(q);

    /// <summary>Time to first token in microseconds.</summary>
    public long? FirstToken(double q) => Load.FirstToken.Quantile(q);

    /// <summary>Time between tokens in microseconds.</summary>
    public long? Gap(double q) => Load.Gap.Quantile(q);
}
