using System.Text.Json.Nodes;
using Relay.Gateway.Tests.Kit;
using Relay.Gateway.Tests.Life;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Standby;

/// <summary>Standby probes follow the configuration while Relay runs.</summary>
public sealed class StandbyEditTests
{
    [Fact]
    public async Task Edit_EndsAProbeUnderWayAndStopsOrStartsProbing()
    {
        await using var rig = await LiveRig.StartAsync(change: file => Probe(file, "p1"));
        rig.Simulators[1].Faults.Add("*", "silence");
        rig.Time.Advance(TimeSpan.FromSeconds(12));
        await rig.Simulators[1].Log.WaitForAsync(_ => true, Patience.Token);

        Assert.True(rig.Edit(file => Probe(file, "p0")).LastAttempt!.Errors.IsEmpty);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        await rig.Simulators[1].Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);

        rig.Time.Advance(TimeSpan.FromSeconds(12));
        await rig.Simulators[0].Log.WaitForAsync(_ => true, Patience.Token);
        Assert.Equal(1, rig.Simulators[1].Log.Total);
    }

    private static void Probe(JsonObject file, string provider)
    {
        var targets = new[] { "p0", "p1" }.Select(p => p == provider
            ? new JsonObject { ["target"] = $"{p}/{Rig.Upstream}", ["standbyProbe"] = new JsonObject { ["every"] = "10s", ["kind"] = "chat" } }
            : (JsonNode)$"{p}/{Rig.Upstream}");
        file["models"]![Rig.Model]!["targets"] = new JsonArray([.. targets]);
    }
}
