using System.Net;
using System.Text.Json.Nodes;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Life;

/// <summary>What an edit changes for the next request.</summary>
public sealed class EditTests
{
    [Fact]
    public async Task AddedModel_IsServedWithoutRestart()
    {
        await using var rig = await LiveRig.StartAsync();
        Assert.Equal(404, (await rig.ChatAsync("added")).Status);
        var first = rig.Gateway.ConfigStatus;

        var status = rig.Edit(file => file["models"]!["added"] = Json.Model("p1"));

        Assert.Equal("p1/gpt-sim", (await rig.ChatAsync("added")).Target);
        Assert.Contains("added", await rig.Client.GetStringAsync("/v1/models"), StringComparison.Ordinal);
        Assert.Contains(rig.Gateway.Topology.Models, m => m.Model == "added");
        Assert.NotEqual(first.Version, status.Version);
        Assert.Equal(status.Version, rig.Gateway.Topology.ConfigVersion);
        Assert.Equal((1, 0), (status.Applied, status.Rejected));
        Assert.Equal($"ready config={status.Version}\n", await rig.ReadyAsync());
        Assert.Contains($"Information 140 Configuration {status.Version} is in force: 2 model(s), 2 target(s)", rig.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongEdit_KeepsTheOldOneAndSaysSo()
    {
        await using var rig = await LiveRig.StartAsync();
        var first = rig.Gateway.ConfigStatus;

        var status = rig.Edit(file =>
        {
            file["models"]![Rig.Model]!["targets"]![0] = "nowhere/x";
            file["providers"]!["p1"]!["apiKey"] = "sk-planted-0123456789abcdef";
            file["limits"] = new JsonObject { ["maxSseLineBytes"] = 1 };
        });

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        Assert.Equal(first.Version, status.Version);
        Assert.Equal(first.LoadedAt, status.LoadedAt);
        Assert.Equal((0, 1), (status.Applied, status.Rejected));
        Assert.Equal(3, status.Rejection!.Errors.Length);
        Assert.NotEqual(first.Version, status.Rejection.Version);
        Assert.Equal($"ready config={first.Version} rejected={status.Rejection.Version}: 3 errors\n", await rig.ReadyAsync());
        Assert.Contains($"Warning 141 Configuration {status.Rejection.Version} has 3 error(s) and was rejected; {first.Version} stays in force", rig.Log.Text, StringComparison.Ordinal);
        Assert.Contains("Warning 142 Configuration error at $.limits.maxSseLineBytes: 1 is out of bounds; fix: write a whole number", rig.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", rig.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("{ \"providers\": ", "the file ends too early")]
    [InlineData(null, "there is no file")]
    public async Task UnreadableEdit_KeepsTheOldOne_AndTheNextRightOneIsTaken(string? text, string message)
    {
        await using var rig = await LiveRig.StartAsync();
        if (text is null)
        {
            File.Delete(rig.FilePath);
        }

        var status = text is null ? rig.Gateway.Reload() : rig.Edit(text);

        Assert.Contains(message, Assert.Single(status.Rejection!.Errors).Message, StringComparison.Ordinal);
        Assert.EndsWith(": 1 error\n", await rig.ReadyAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (await rig.ChatAsync()).Status);
        var mended = rig.Edit(file => file["models"]!["added"] = Json.Model("p0"));
        Assert.Null(mended.Rejection);
        Assert.Equal($"ready config={mended.Version}\n", await rig.ReadyAsync());
    }

    [Fact]
    public async Task RevokedKey_IsRefusedAtOnceOnTheSameConnection()
    {
        await using var rig = await LiveRig.StartAsync(change: file => file["keys"] = Json.Keys(("alice", null), ("bob", null)));
        Assert.Equal(200, (await rig.ChatAsync(key: "alice")).Status);

        rig.Edit(file => file["keys"] = Json.Keys(("bob", null), ("carol", null)));

        Assert.Equal(401, (await rig.ChatAsync(key: "alice")).Status);
        Assert.Equal(200, (await rig.ChatAsync(key: "bob")).Status);
        Assert.Equal(200, (await rig.ChatAsync(key: "carol")).Status);
    }

    [Fact]
    public async Task RemovingAllKeys_LeavesOnlyLoopback_AndSaysSo()
    {
        await using var rig = await LiveRig.StartAsync(change: file => file["keys"] = Json.Keys(("alice", null)));

        rig.Edit(file => file.Remove("keys"));

        Assert.Equal(200, (await rig.ChatAsync()).Status);
        Assert.Contains("Warning 101", rig.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RateOfUnchangedKey_GoesOn_AndThatOfAChangedOneStartsAnew()
    {
        await using var rig = await LiveRig.StartAsync(change: file => file["keys"] = Json.Keys(("alice", 1), ("bob", 1)));
        Assert.Equal(200, (await rig.ChatAsync(key: "alice")).Status);
        Assert.Equal(200, (await rig.ChatAsync(key: "bob")).Status);

        rig.Edit(file => file["keys"] = Json.Keys(("alice", 1), ("bob", 2)));

        Assert.Equal(429, (await rig.ChatAsync(key: "alice")).Status);
        Assert.Equal(200, (await rig.ChatAsync(key: "bob")).Status);
    }

    [Fact]
    public async Task BodyLimit_HoldsFromTheNextRequest_AlsoAboveThatOfTheStart()
    {
        await using var rig = await LiveRig.StartAsync(change: file => file["limits"] = new JsonObject { ["maxRequestBodyBytes"] = 2048 });
        var large = new string('a', 5000);
        Assert.Equal(413, (await rig.ChatAsync(text: large)).Status);

        rig.Edit(file => file["limits"] = new JsonObject { ["maxRequestBodyBytes"] = 100_000 });
        Assert.Equal(200, (await rig.ChatAsync(text: large)).Status);

        rig.Edit(file => file["limits"] = new JsonObject { ["maxRequestBodyBytes"] = 2048 });
        Assert.Equal(413, (await rig.ChatAsync(text: large)).Status);
    }

    [Fact]
    public async Task ConcurrencyLimit_HoldsFromTheNextRequest()
    {
        await using var rig = await LiveRig.StartAsync(simulators: 1);
        rig.Simulators[0].Faults.Add("*", "stall-after=3");
        using var inside = await rig.PostAsync(stream: true);

        rig.Edit(file => file["limits"] = new JsonObject { ["maxConcurrentRequests"] = 1 });
        Assert.Equal(503, (await rig.ChatAsync()).Status);

        rig.Edit(file => file["limits"] = new JsonObject { ["maxConcurrentRequests"] = 2 });
        Assert.Equal(200, (await rig.ChatAsync()).Status);
    }

    [Fact]
    public async Task Price_HoldsFromTheNextRequest()
    {
        await using var rig = await LiveRig.StartAsync();
        Assert.DoesNotContain("x-relay-cost-usd", (await rig.ChatAsync()).Headers.Keys);

        rig.Edit(file => file["prices"] = JsonNode.Parse("""{ "p0/*": { "input": 0, "output": 1 } }"""));
        var once = decimal.Parse((await rig.ChatAsync()).Headers["x-relay-cost-usd"]);
        rig.Edit(file => file["prices"] = JsonNode.Parse("""{ "p0/*": { "input": 0, "output": 2 } }"""));

        Assert.True(once > 0);
        Assert.Equal(2 * once, decimal.Parse((await rig.ChatAsync()).Headers["x-relay-cost-usd"]));
    }

    [Fact]
    public async Task ListenAndDataFolder_TakeEffectAtTheNextStart_AndTheRestAtOnce()
    {
        await using var rig = await LiveRig.StartAsync();
        var url = rig.Gateway.Url;

        var status = rig.Edit(file =>
        {
            file["listen"]!["gateway"] = "127.0.0.1:1";
            file["listen"]!["apiHosts"] = new JsonArray("relay.example.com");
            file["listen"]!["drain"] = "1s";
            file["dataDir"] = "elsewhere";
            file["models"]!["added"] = Json.Model("p1");
        });

        Assert.Equal(["$.listen.gateway", "$.listen.apiHosts", "$.listen.drain", "$.dataDir"], status.LastAttempt!.AtNextStart);
        Assert.Contains("Warning 143 The change of $.listen.gateway takes effect at the next start", rig.Log.Text, StringComparison.Ordinal);
        Assert.Equal(url, rig.Gateway.Url);
        Assert.Equal(200, (await rig.ChatAsync("added")).Status);
        Assert.Empty(rig.Edit(file => file["models"]!.AsObject().Remove("added")).LastAttempt!.AtNextStart);
        Assert.Empty(rig.Edit(file => file["listen"]!["gateway"] = "127.0.0.1:0").LastAttempt!.AtNextStart);
    }

    [Fact]
    public async Task ReadyStays200_WhileAWrongFileWaits()
    {
        await using var rig = await LiveRig.StartAsync();
        rig.Edit("{}");

        using var ready = await rig.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }
}
