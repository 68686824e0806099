using System.Globalization;
using Relay.Cluster.Tests.Kit;
using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Cluster.Tests.Scenarios;

/// <summary>What the grains cost: gateways that have news of 200 targets at each flush, for real, against silos as processes. Run by hand.</summary>
public class SizingTests(ITestOutputHelper output)
{
    private const int Targets = 200;
    private const int Flushes = 100;

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task GatewaysWithNewsOf200TargetsAtEachFlush_Cost(int gateways)
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync(silos: 2, gateways: 0);
        await using var link = rig.Link();
        await Eventually.TrueAsync("the driver has joined", () => Task.FromResult(link.Client is not null));
        await FlushAsync(link, gateways, "warm", Flushes);
        var (cpu, own, start) = (rig.Silos.Sum(s => s.Cpu.TotalMilliseconds), Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        await FlushAsync(link, gateways, "run", Flushes);
        var wall = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var calls = gateways * Targets * Flushes;
        var silos = (rig.Silos.Sum(s => s.Cpu.TotalMilliseconds) - cpu) * 1_000 / calls;
        var client = (Environment.CpuUsage.TotalTime - own).TotalMicroseconds / calls;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{gateways} gateways: {calls / wall:0} calls/s while asked for {gateways * Targets * 10}/s, {silos:0} us of silo CPU and {client:0} us of gateway CPU per call"));
    }

    private static async Task FlushAsync(Relay.Silo.Orleans.ClusterLink link, int gateways, string run, int flushes) =>
        await Task.WhenAll(Enumerable.Range(0, gateways).Select(async gateway =>
        {
            var grains = new Relay.Silo.Orleans.OrleansGrains(link.RequireClient);
            using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            for (var sequence = 1; sequence <= flushes; sequence++)
            {
                foreach (var batch in Enumerable.Range(0, Targets).Chunk(32))
                {
                    await Task.WhenAll(batch.Select(target => grains.ApplyAsync(Delta($"{run}-{gateway}", sequence, $"sim/{target}"), CancellationToken.None).AsTask()));
                }

                await ticks.WaitForNextTickAsync();
            }
        }));

    /// <summary>Ten streams, as of a target with 100 of them a second.</summary>
    private static TargetDelta Delta(string gateway, long sequence, string target)
    {
        var counts = new long[Counters.Width];
        for (var place = 0; place < 12; place++)
        {
            counts[place] = 10 + place;
        }

        var meter = new MeterDelta(counts, Times(10, 900_000), Times(10, 300_000), Times(200, 30_000), Times(10, 45_000));
        return new(gateway, sequence, target, meter, new(BreakerState.Closed, BreakerReason.None, DateTimeOffset.UnixEpoch, null, 0), 10);
    }

    private static HistogramSnapshot Times(int count, long around)
    {
        var buffer = new HistogramBuffer();
        for (var i = 0; i < count; i++)
        {
            buffer.Record(around + (around * i / (2 * count)));
        }

        return buffer.Drain();
    }
}
