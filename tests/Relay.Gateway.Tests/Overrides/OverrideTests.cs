using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Overrides;

/// <summary>What a request changes for itself through its headers.</summary>
public sealed class OverrideTests
{
    [Fact]
    public async Task NoRetry_AsksEachTargetOnceAndStillFailsOver()
    {
        await using var rig = await OverrideRig.StartAsync();
        rig.Primary.Faults.Add("*", "status=503");

        var usual = await OverrideRig.SendAsync(rig, ["x-relay-no-retry: false"]);
        var once = await OverrideRig.SendAsync(rig, ["x-relay-no-retry: true"]);

        Assert.Equal((200, "p1/gpt-sim", 4), (usual.Status, usual.Target, usual.Attempts));
        Assert.Equal((200, "p1/gpt-sim", 2), (once.Status, once.Target, once.Attempts));
    }

    [Fact]
    public async Task Tags_AreInTheRecordAndInNoMetric()
    {
        await using var rig = await OverrideRig.StartAsync();

        var chat = await OverrideRig.SendAsync(rig, ["x-relay-tags: team=search , job=nightly:2026/11"]);

        Assert.Equal(200, chat.Status);
        var record = await rig.Records.NextAsync();
        Assert.Equal([KeyValuePair.Create("team", "search"), KeyValuePair.Create("job", "nightly:2026/11")], record.Tags.AsEnumerable());
        Assert.DoesNotContain("nightly", rig.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_IsTheOnlyOneThatIsAsked()
    {
        await using var rig = await OverrideRig.StartAsync(options: new() { Breaker = BreakerOptions.Default with { Enabled = false } });

        var pinned = await OverrideRig.SendAsync(rig, ["x-relay-target: p1/gpt-sim"]);
        rig.Fallback.Faults.Add("*", "status=503");
        var failed = await OverrideRig.SendAsync(rig, ["x-relay-target: p1/gpt-sim", "x-relay-no-retry: true"]);

        Assert.Equal((200, "p1/gpt-sim", 1), (pinned.Status, pinned.Target, pinned.Attempts));
        Assert.Equal((503, 1), (failed.Status, failed.Attempts));
        Assert.Equal(0, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task Fallbacks_FollowTheModelsOwnTargetsEachOnce()
    {
        await using var rig = await OverrideRig.StartAsync();
        rig.Primary.Faults.Add("*", "status=503");
        rig.Fallback.Faults.Add("*", "status=503");

        var without = await OverrideRig.SendAsync(rig, ["x-relay-no-retry: true"]);
        var with = await OverrideRig.SendAsync(rig, ["x-relay-no-retry: true", "x-relay-fallbacks: second, third"]);

        Assert.Equal((503, 2), (without.Status, without.Attempts));
        Assert.Equal((200, "p2/gpt-sim", 3), (with.Status, with.Target, with.Attempts));
        await rig.Records.NextAsync();
        var record = await rig.Records.NextAsync();
        Assert.Equal((Rig.Model, "p2/gpt-sim"), (record.Model, record.Target));
        Assert.Equal(["p0/gpt-sim", "p1/gpt-sim", "p2/gpt-sim"], record.Attempts.Select(a => a.Target));
    }

    /// <summary>What a target of another model does counts for that target.</summary>
    [Fact]
    public async Task FallbackTarget_IsMetered()
    {
        await using var rig = await OverrideRig.StartAsync();
        rig.Primary.Faults.Add("*", "status=503");
        rig.Fallback.Faults.Add("*", "status=503");

        await OverrideRig.SendAsync(rig, ["x-relay-fallbacks: third"]);
        await rig.Gateway.FlushAsync();

        Assert.Contains("relay_attempts_total{target=\"p2/gpt-sim\",outcome=\"ok\"} 1", rig.Scrape(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "x-relay-timeout-ms: 0", "from 1 to" }, { "x-relay-timeout-ms: 1.5", "from 1 to" }, { "x-relay-timeout-ms:", "is empty" },
        { "x-relay-no-retry: yes", "true or false" }, { "x-relay-target: p9/gpt-sim", "Its targets are 'p0/gpt-sim', 'p1/gpt-sim'" },
        { "x-relay-target: p2/gpt-sim", "names no target" },
        { "x-relay-fallbacks: nobody", "'nobody', which is not configured" }, { "x-relay-fallbacks: second,second", "twice" },
        { "x-relay-fallbacks: chat-default", "the model itself" }, { "x-relay-fallbacks: a,b,c,d,e", "at most 4" }, { "x-relay-fallbacks: second,", "'', which" },
        { "x-relay-tags: team", "team=a,job=b" }, { "x-relay-tags: team=", "team=a,job=b" }, { "x-relay-tags: =a", "team=a,job=b" }, { "x-relay-tags: a=1,a=2", "twice" },
        { "x-relay-tags: a=\"quoted\"", "team=a,job=b" }, { "x-relay-tags: a b=c", "team=a,job=b" }, { "x-relay-tags: a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9", "at most 8" },
        { "x-relay-tags: a=" + new string('v', 65), "1 to 64" }, { "x-relay-tags: " + new string('n', 33) + "=v", "1 to 32" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WrongValue_IsA400ThatNamesHeaderAndFix(string header, string says)
    {
        await using var rig = await OverrideRig.StartAsync();

        var chat = await OverrideRig.SendAsync(rig, [header]);

        Assert.Equal((400, "invalid_request", header[..header.IndexOf(':', StringComparison.Ordinal)]), (chat.Status, chat.ErrorCode, chat.Error!.Value.GetProperty("param").GetString()));
        Assert.Contains(says, chat.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, rig.Primary.Log.Total + rig.Fallback.Log.Total);
    }

    [Fact]
    public async Task HeaderTwiceOrTwoThatContradict_IsA400()
    {
        await using var rig = await OverrideRig.StartAsync();

        var twice = await OverrideRig.SendAsync(rig, ["x-relay-no-retry: true", "x-relay-no-retry: false"]);
        var both = await OverrideRig.SendAsync(rig, ["x-relay-target: p1/gpt-sim", "x-relay-fallbacks: second"]);

        Assert.Equal((400, 400), (twice.Status, both.Status));
        Assert.Contains("Send one of the two", both.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeout", "x-relay-timeout-ms: 1000")]
    [InlineData("retry", "x-relay-no-retry: true")]
    [InlineData("tags", "x-relay-tags: a=b")]
    [InlineData("target", "x-relay-target: p1/gpt-sim")]
    [InlineData("fallbacks", "x-relay-fallbacks: second")]
    public async Task OverrideThatAKeyMayNotUse_IsA403ThatSaysWhatToAllow(string name, string header)
    {
        await using var none = await OverrideRig.StartAsync(OverrideKinds.None);
        await using var all = await OverrideRig.StartAsync(OverrideKinds.All);

        var refused = await OverrideRig.SendAsync(none, [header]);
        var served = await OverrideRig.SendAsync(all, [header]);

        Assert.Equal((403, "permission_denied"), (refused.Status, refused.ErrorCode));
        Assert.Contains($"\"{name}\" added to the key's \"overrides\"", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(200, served.Status);
    }

    [Fact]
    public async Task KeyOfTheDefault_MayNotChooseTargets()
    {
        await using var rig = await OverrideRig.StartAsync(OverrideKinds.Default);

        var usual = await OverrideRig.SendAsync(rig, ["x-relay-timeout-ms: 60000", "x-relay-no-retry: true", "x-relay-tags: a=b"]);
        var target = await OverrideRig.SendAsync(rig, ["x-relay-target: p1/gpt-sim"]);
        var fallbacks = await OverrideRig.SendAsync(rig, ["x-relay-fallbacks: second"]);

        Assert.Equal((200, 403, 403), (usual.Status, target.Status, fallbacks.Status));
    }

    [Fact]
    public async Task FallbackThatAKeyMayNotUse_IsA403()
    {
        await using var rig = await OverrideRig.StartAsync(OverrideKinds.All);

        var chat = await OverrideRig.SendAsync(rig, ["x-relay-fallbacks: second, third"]);

        Assert.Equal((403, "permission_denied"), (chat.Status, chat.ErrorCode));
        Assert.Contains("'third'", chat.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongHeader_OfAMessagesClient_IsInAnthropicsShape()
    {
        await using var rig = await OverrideRig.StartAsync(OverrideKinds.None);
        const string Body = $$"""{"model":"{{Rig.Model}}","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""";

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(Body) };
        request.Headers.Add("x-api-key", "k");
        request.Headers.Add("x-relay-target", "p1/gpt-sim");
        using var response = await rig.Client.SendAsync(request);
        using var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal((403, "error", "permission_error"), ((int)response.StatusCode, json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("error").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task PinnedTargetThatIsOpen_IsStillAskedOnce()
    {
        await using var rig = await OverrideRig.StartAsync(options: new() { Breaker = BreakerOptions.Default with { ConsecutiveFailures = 1 } });
        rig.Fallback.Faults.Add("*", "status=503,times=1");
        await OverrideRig.SendAsync(rig, ["x-relay-target: p1/gpt-sim", "x-relay-no-retry: true"]);

        var chat = await OverrideRig.SendAsync(rig, ["x-relay-target: p1/gpt-sim"]);

        Assert.True(chat is { Status: 200, Target: "p1/gpt-sim" }, chat.Raw + rig.Log.Text);
        Assert.Equal(ErrorKind.ProviderOverloaded, (await rig.Records.NextAsync()).Error);
    }
}
