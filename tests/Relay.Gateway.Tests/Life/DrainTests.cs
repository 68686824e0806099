using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Life;

/// <summary>Requests under way while the file changes.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task StreamAtRemovedProvider_FinishesAndThenItsConnectionsClose()
    {
        var clock = new ManualTimeProvider();
        await using var rig = await LiveRig.StartAsync(simulator: i => new SimulatorOptions { Name = "sim-" + i, DefaultWords = 20, TimeProvider = i == 0 ? clock : TimeProvider.System });
        rig.Simulators[0].Faults.Add("*", "stall-after=5,for=30s,end=continue");
        var stalled = ArmedAsync(clock);
        using var response = await rig.PostAsync(stream: true);
        await stalled;

        rig.Edit(WithoutFirst);
        Assert.Equal("p1/gpt-sim", (await rig.ChatAsync()).Target);
        Assert.DoesNotContain("has drained", rig.Log.Text, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(30));
        var chat = await Kit.Chat.ReadAsync(response, stream: true);

        Assert.Equal(("p0/gpt-sim", rig.Expected(), true), (chat.Target, chat.Text, chat.Done));
        Assert.StartsWith("Information 146 Provider p0", await rig.Log.LineAsync("has drained"), StringComparison.Ordinal);
        await rig.Gateway.FlushAsync();
        var target = await rig.Grains.GetTargetAsync("p0/gpt-sim", Relay.Core.Latency.Window.OneMinute, default);
        Assert.Equal((1, 0), (target.Meter.Counts[Relay.Silo.Grains.Counters.Count], target.Meter.Active));
    }

    [Fact]
    public async Task RequestUnderWay_StillFailsOverToARemovedTarget()
    {
        var clock = new ManualTimeProvider();
        await using var rig = await LiveRig.StartAsync(simulator: i => new SimulatorOptions { Name = "sim-" + i, DefaultWords = 20, TimeProvider = i == 0 ? clock : TimeProvider.System });
        rig.Simulators[0].Faults.Add("*", "silence=30s,end=abort");
        var silent = ArmedAsync(clock);
        var asking = rig.ChatAsync();
        await silent;

        rig.Edit(file =>
        {
            file["models"]![Rig.Model] = Json.Model("p0");
            file["providers"]!.AsObject().Remove("p1");
        });
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("p1/gpt-sim", (await asking).Target);
        await rig.Log.LineAsync("Provider p1");
    }

    [Fact]
    public async Task DrainIsBoundedByTheLongestTotal()
    {
        await using var rig = await LiveRig.StartAsync();
        rig.Simulators[0].Faults.Add("*", "stall-after=5");
        using var response = await rig.PostAsync(stream: true);

        rig.Edit(WithoutFirst);
        rig.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(4));

        await rig.Log.LineAsync("Provider p0");
        var chat = await Kit.Chat.ReadAsync(response, stream: true);
        Assert.False(chat.Done);
    }

    [Fact]
    public async Task TwentyEditsUnderLoad_BreakNothing_AndEveryRequestIsServedFromOneFile()
    {
        await using var rig = await LiveRig.StartAsync(simulator: i => new SimulatorOptions
        {
            Name = "sim-" + i,
            DefaultWords = 20,
            Latency = LatencyOptions.Of(firstTokenMs: 2, perTokenMs: 1),
        });
        rig.Edit(Only(rig, 0).ToJsonString());
        using var stop = new CancellationTokenSource();
        using var answered = new SemaphoreSlim(0);
        var wrong = new ConcurrentQueue<string>();
        var workers = Enumerable.Range(0, 8).Select(_ => WorkAsync()).ToArray();

        for (var edit = 1; edit <= 20; edit++)
        {
            var status = rig.Edit(Only(rig, edit % 2).ToJsonString());
            Assert.Equal(edit + 1, status.Applied);
            for (var i = 0; i < 8; i++)
            {
                Assert.True(await answered.WaitAsync(TimeSpan.FromSeconds(30)));
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Empty(wrong);
        Assert.True(rig.Records.Waiting > 160);
        while (rig.Records.Waiting > 0)
        {
            var record = await rig.Records.NextAsync();
            Assert.Equal(ErrorKind.None, record.Error);

            // Each file has one target and its price alone: a request of two files would have the wrong one, or none.
            var usdPerMillion = record.Target == "p0/gpt-sim" ? 1 : 2;
            Assert.Equal(record.Usage!.Value.TotalOutput * 1000L * usdPerMillion, record.Cost!.Value.Nanos);
        }

        async Task WorkAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var chat = await rig.ChatAsync(stream: true);
                if (chat.Status != 200 || !chat.Done || chat.Text != rig.Expected() || chat.Attempts != 1)
                {
                    wrong.Enqueue(chat.Raw);
                }

                answered.Release();
            }
        }
    }

    private static void WithoutFirst(JsonObject file)
    {
        file["models"]![Rig.Model] = Json.Model("p1");
        file["providers"]!.AsObject().Remove("p0");
    }

    /// <summary>One target and its price alone, and the other provider gone.</summary>
    private static JsonObject Only(LiveRig rig, int index) => rig.Changed(file =>
    {
        file["providers"] = new JsonObject { ["p" + index] = new JsonObject { ["baseUrl"] = rig.Simulators[index].BaseUrl + "v1" } };
        file["models"]![Rig.Model] = Json.Model("p" + index);
        file["prices"] = new JsonObject { [$"p{index}/*"] = new JsonObject { ["input"] = 0, ["output"] = index + 1 } };
    });

    private static Task ArmedAsync(ManualTimeProvider clock)
    {
        var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        clock.TimersChanged += () => armed.TrySetResult();
        return armed.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }
}
