using Relay.Load.Driving;
using Relay.Load.Os;
using Relay.Load.Probe;
using Relay.Load.Servers;

namespace Relay.Load.Overhead;

/// <summary>Runs a load between two looks at all processes.</summary>
internal static class Measurement
{
    private static readonly ProcessTree Driver = new(Environment.ProcessId, children: false);

    /// <summary>Runs it and reckons per request.</summary>
    public static async Task<Sample> RunAsync(
        Contender server, Upstream provider, Scenario scenario, int round, Func<Task<LoadResult>> load, CancellationToken stop)
    {
        await SettleAsync(stop);
        var gcBefore = server.Gc;
        var before = Cpu.Of(server, provider);
        var result = await load();
        var after = Cpu.Of(server, provider);
        await SettleAsync(stop);
        var count = Math.Max(1.0, result.Count + result.ErrorCount);
        return new(
            server.Name,
            scenario,
            round,
            result,
            (after.Server - before.Server) / count,
            (after.Provider - before.Provider) / count,
            (after.Driver - before.Driver) / count,
            (server.Gc?.AllocatedBytes - gcBefore?.AllocatedBytes) / count,
            server.Tree?.ResidentKb);
    }

    /// <summary>Long enough for the garbage collector's figures to be written once more.</summary>
    private static Task SettleAsync(CancellationToken stop) => Wait.ForAsync(GcProbe.Interval * 2, stop);

    private readonly record struct Cpu(long? Server, long Provider, long Driver)
    {
        public static Cpu Of(Contender server, Upstream provider) => new(server.Tree?.CpuMicros, provider.Tree.CpuMicros, Measurement.Driver.CpuMicros);
    }
}
