using System.Text.Json.Nodes;
using Relay.Gateway.Tests.Life;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Credentials;

/// <summary>What an edit of the configuration, or of a secret file, does to credentials.</summary>
public sealed class CredentialEditTests
{
    [Fact]
    public async Task SecretFileChanges_ThatOneStartsAnew_TheOthersStandAsBefore()
    {
        await using var rig = await StartAsync("a", "b", "c");
        await rig.RefuseAsync("a", "b");
        Assert.Equal("a=2 b=2 c=0", States(rig.Live));

        rig.Write("a", "sk-of-a-renewed");
        var status = rig.Live.Gateway.Reload();

        Assert.Null(status.Rejection);
        Assert.Equal("a=0 b=2 c=0", States(rig.Live));
        Assert.Equal("200 200 200 200", await rig.AskAsync(4));
        Assert.Equal([1, 1, 2], rig.Seen("a", "b", "a-renewed"));
    }

    [Fact]
    public async Task SecretFileChanges_AndIsNoticedWithoutAReload()
    {
        await using var rig = await StartAsync("a", "b");
        await rig.RefuseAsync("a");
        var attempt = rig.Live.NextAttemptAsync();

        rig.Write("a", "sk-of-a-renewed");
        rig.Live.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Null((await attempt).Rejection);
        Assert.Equal("a=0 b=0", States(rig.Live));
    }

    [Fact]
    public async Task EditOfAllElse_LeavesThemAsTheyStand_AndTheTimerToo()
    {
        await using var rig = await StartAsync("a", "b");
        await rig.RefuseAsync("a");
        rig.Live.Time.Advance(TimeSpan.FromSeconds(59));

        rig.Live.Edit(file =>
        {
            var provider = file["providers"]!["p0"]!;
            provider["maxConnections"] = 7;
            provider["credentials"]![1]!["weight"] = 3;
            provider["credentials"]!.AsArray().Insert(0, new JsonObject { ["name"] = "new", ["apiKey"] = "file:b2" });
            file["models"]!["added"] = Json.Model("p0");
        });

        Assert.Equal("new=0 a=2 b=0", States(rig.Live));
        Assert.Equal("200 200", await rig.AskAsync(2));
        Assert.Equal([1], rig.Seen("a"));
        rig.Live.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal("200", await rig.AskAsync(1));
        Assert.Equal([2], rig.Seen("a"));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("headers")]
    [InlineData("baseUrl")]
    public async Task EditOfWhatTheProviderSees_StartsItAnew(string what)
    {
        await using var rig = await StartAsync("a", "b");
        await rig.RefuseAsync("a");

        rig.Live.Edit(file =>
        {
            var provider = file["providers"]!["p0"]!;
            _ = what switch
            {
                "name" => provider["credentials"]![0]!["name"] = "renamed",
                "headers" => provider["headers"] = new JsonObject { ["X-Project"] = "another" },
                _ => provider["baseUrl"] = $"http://localhost:{rig.Live.Simulators[0].BaseUrl.Port}/v1",
            };
        });

        Assert.DoesNotContain("=2", States(rig.Live), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneRemoved_IsAskedNoMore()
    {
        await using var rig = await StartAsync("a", "b");
        Assert.Equal("200 200", await rig.AskAsync(2));

        rig.Live.Edit(file => file["providers"]!["p0"]!["credentials"]!.AsArray().RemoveAt(0));

        Assert.Equal("200 200", await rig.AskAsync(2));
        Assert.Equal([1, 3], rig.Seen("a", "b"));
    }

    private static string States(LiveRig live) =>
        string.Join(' ', live.Gateway.Topology.Providers[0].Credentials.Select(c => $"{c.Name}={(int)c.State}"));

    private static async Task<FileRig> StartAsync(params string[] names)
    {
        var live = await LiveRig.StartAsync(simulators: 1);
        var rig = new FileRig(live);
        rig.Write("b2", "sk-of-b2");
        foreach (var name in names)
        {
            rig.Write(name, "sk-of-" + name);
        }

        var status = live.Edit(file => file["providers"]!["p0"]!["credentials"] =
            new JsonArray([.. names.Select(n => (JsonNode)new JsonObject { ["name"] = n, ["apiKey"] = "file:" + n })]));
        Assert.Null(status.Rejection);
        rig.Script();
        return rig;
    }

    private sealed record FileRig(LiveRig Live) : IAsyncDisposable
    {
        private static readonly string[] Names = ["a", "b", "c", "a-renewed"];

        public void Write(string name, string text) => File.WriteAllText(Path.Combine(Live.Folder, name), text + "\n");

        /// <summary>The simulator refuses these from now on, and counts who comes with which.</summary>
        public void Script(params string[] refused) => Live.Simulators[0].Faults.Set(
            [.. Names.Select(n => ("*", Fault.Parse($"{(refused.Contains(n) ? "unauthorized" : "slow=1")},key=sk-of-{n}")))]);

        /// <summary>The simulator refuses these from now on, and has done so once.</summary>
        public async Task RefuseAsync(params string[] names)
        {
            Script(names);
            Assert.Equal("200 200", await AskAsync(2));
            Assert.All(Seen(names), times => Assert.Equal(1, times));
        }

        public async Task<string> AskAsync(int count)
        {
            var statuses = new int[count];
            for (var i = 0; i < count; i++)
            {
                statuses[i] = (await Live.ChatAsync()).Status;
            }

            return string.Join(' ', statuses);
        }

        /// <summary>How many requests came with each of these.</summary>
        public long[] Seen(params string[] names) =>
            [.. names.Select(n => Live.Simulators[0].Faults.Rules.Single(r => r.Fault.Key == "sk-of-" + n).Seen)];

        public ValueTask DisposeAsync() => Live.DisposeAsync();
    }
}
