using Relay.Cluster.Tests.Kit;

namespace Relay.Cluster.Tests.Scenarios;

/// <summary>Two silos, two gateways and an API on loopback, with a real Redis.</summary>
public class FiguresTests
{
    [Fact]
    public async Task StatsAskedAnywhere_EqualTheSumOfWhatBothGatewaysSaw()
    {
        Assert.SkipWhen(ClusterRig.SkipReason is not null, ClusterRig.SkipReason ?? "");
        await using var rig = await ClusterRig.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(200, await rig.AskAsync(rig.Gateways[i % 3 == 0 ? 0 : 1]));
        }

        await rig.CountsAsync(30);
        await rig.AddApiAsync();
        await rig.CountsAsync(30);
    }
}
