using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Grains;

namespace Relay.Gateway.Tests.Life;

/// <summary>What an edit leaves as it is.</summary>
public sealed class SurvivalTests
{
    [Fact]
    public async Task BreakerOfUnchangedTarget_StaysOpen_AndThatOfAChangedOneStartsAnew()
    {
        await using var rig = await LiveRig.StartAsync();
        rig.Simulators[0].Faults.Add("*", "status=503");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("p1/gpt-sim", (await rig.ChatAsync()).Target);
        }

        rig.Edit(file => file["models"]!["added"] = Json.Model("p0"));
        Assert.Equal(BreakerState.Open, await BreakerAsync(rig));
        Assert.Equal(1, (await rig.ChatAsync()).Attempts);

        rig.Simulators[0].Faults.Clear();
        rig.Edit(file => file["defaults"]!["breaker"] = new System.Text.Json.Nodes.JsonObject { ["consecutiveFailures"] = 5 });
        Assert.Equal(BreakerState.Closed, await BreakerAsync(rig));
        Assert.Equal("p0/gpt-sim", (await rig.ChatAsync()).Target);
    }

    [Fact]
    public async Task FiguresGoOn_WhateverChanges()
    {
        await using var rig = await LiveRig.StartAsync();
        await rig.ChatAsync();
        rig.Edit(file => file["models"]!["added"] = Json.Model("p0"));
        await rig.ChatAsync();
        rig.Edit(file => file["defaults"]!["breaker"] = new System.Text.Json.Nodes.JsonObject { ["consecutiveFailures"] = 5 });
        await rig.ChatAsync();

        await rig.Gateway.FlushAsync();

        Assert.Equal((3, 3), await CountsAsync(rig));
    }

    [Fact]
    public async Task RemovedModelAndTarget_AreFlushedOneLastTime_AndCountOnWhenTheyComeBack()
    {
        await using var rig = await LiveRig.StartAsync();
        await rig.ChatAsync();
        await rig.Gateway.FlushAsync();
        await rig.ChatAsync();
        var model = rig.Written["models"]![Rig.Model]!.DeepClone();

        rig.Edit(file =>
        {
            file["models"]!.AsObject().Remove(Rig.Model);
            file["models"]!["other"] = Json.Model("p1");
        });
        await rig.Gateway.FlushAsync();
        Assert.Equal((2, 2), await CountsAsync(rig));

        rig.Edit(file => file["models"]![Rig.Model] = model);
        await rig.ChatAsync();
        await rig.Gateway.FlushAsync();
        Assert.Equal((3, 3), await CountsAsync(rig));
    }

    [Fact]
    public async Task ConnectionsOfUnchangedProvider_AreKept_AndThoseOfAChangedOneClose()
    {
        await using var rig = await LiveRig.StartAsync(simulators: 1);
        await rig.ChatAsync();

        rig.Edit(file => file["prices"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "p0/*": { "input": 0, "output": 1 } }"""));
        await rig.ChatAsync();
        Assert.Equal(1, rig.Simulators[0].ConnectionCount);
        Assert.DoesNotContain("has drained", rig.Log.Text, StringComparison.Ordinal);

        rig.Edit(file => file["providers"]!["p0"]!["maxConnections"] = 7);
        await rig.Log.LineAsync("Provider p0 of configuration");
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    [Fact]
    public async Task RotatedSecret_IsSentWithTheNextRequest()
    {
        await using var rig = await LiveRig.StartAsync(
            simulators: 1,
            change: file => file["providers"]!["p0"]!["apiKey"] = "file:key",
            simulator: _ => new Relay.Simulator.SimulatorOptions { ApiKey = "two" },
            path: folder =>
            {
                File.WriteAllText(Path.Combine(folder, "key"), "one");
                return Path.Combine(folder, "relay.json");
            });
        Assert.NotEqual(200, (await rig.ChatAsync()).Status);

        await File.WriteAllTextAsync(Path.Combine(rig.Folder, "key"), "two");
        rig.Gateway.Reload();

        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    private static async Task<BreakerState> BreakerAsync(LiveRig rig)
    {
        await rig.Gateway.FlushAsync();
        return (await rig.Grains.GetTargetAsync("p0/gpt-sim", Window.OneMinute, default)).Breaker!.Value.State;
    }

    private static async Task<(long Model, long Target)> CountsAsync(LiveRig rig)
    {
        var model = await rig.Grains.GetModelAsync(Rig.Model, Window.OneMinute, default);
        var target = await rig.Grains.GetTargetAsync("p0/gpt-sim", Window.OneMinute, default);
        return (model.Meter.Counts[Counters.Count], target.Meter.Counts[Counters.Count]);
    }
}
