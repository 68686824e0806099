using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

public class GrainMemoryTests
{
    [Fact]
    public void MaxBytes_IsTheSumOfItsPartsAndSixMegabytes()
    {
        var parts = RollingCounters.MaxBytes(Counters.Width) + (3 * RollingHistogram.MaxBytes) + GatewayReports.MaxBytes;
        Assert.InRange(TargetGrain.MaxBytes, parts, parts + 256);
        Assert.Equal(TargetGrain.MaxBytes, ModelGrain.MaxBytes);
        Assert.InRange(TargetGrain.MaxBytes, 5_500_000, 6_100_000);
    }

    [Fact]
    public void IdleGrain_TakesFiftyKilobytes()
    {
        _ = new TargetGrain("warm");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var grain = new TargetGrain("t");
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(grain);
        Assert.InRange(taken, 1, 55_000);
    }

    [Fact]
    public void GatewayReports_StayWithinTheirBound()
    {
        var reports = new GatewayReports();
        Fill(reports, 1, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(new GatewayReports(), 0, GatewayReports.MaxGateways);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, GatewayReports.MaxBytes);

        Fill(reports, 2, 1_000);
        Assert.Equal(GatewayReports.MaxGateways, reports.Count);

        static void Fill(GatewayReports reports, int from, int count)
        {
            for (var i = from; i < from + count; i++)
            {
                reports.Hear(new string((char)i, GatewayReports.MaxIdLength), TimeSpan.FromSeconds(i)).Take(1, 1, Delta.Closed);
            }
        }
    }
}
